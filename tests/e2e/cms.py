"""A content system as a deployment hears it: captured events, sent and signed as such a system does."""

import json
from typing import Any

import urllib3

from schemas.hook import HookKind
from tests.conftest import EVENTS
from tests.signing import signed

_FILES = {
    HookKind.GENERIC: "hook-generic",
    HookKind.WORDPRESS: "wordpress-attachment-added",
    HookKind.CONTENTFUL: "contentful-asset-published",
    HookKind.SANITY: "sanity-image-asset-created",
}


def event_about(kind: HookKind, url: str) -> dict[str, Any]:
    """Take the captured event of a system, with the picture at another address."""
    event: dict[str, Any] = json.loads((EVENTS / f"{_FILES[kind]}.json").read_text())["body"]
    if kind is HookKind.CONTENTFUL:
        event["fields"]["file"]["en-US"]["url"] = url
    else:
        event["source_url" if kind is HookKind.WORDPRESS else "url"] = url
    return event


def send(api: str, name: str, kind: HookKind, secret: str, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Post an event to a hook, with no other right than its signature."""
    body, path = json.dumps(event, ensure_ascii=False).encode(), f"/hooks/{name}"
    headers = json.loads((EVENTS / f"{_FILES[kind]}.json").read_text())["headers"]
    answer = urllib3.request("POST", api + path, body=body, headers=headers | signed(kind, secret, path, body))
    return answer.status, answer.json()
