"""Entity tags: who asks again whether something changed is told so in a line."""

import hashlib
import re
import time
from http import HTTPStatus
from typing import Any

_SIGNED = re.compile(r'\?[^"\s\\]*X-Amz-Signature=[^"\s\\]*')
"""What differs between two links to the same file."""
_LINKS_RENEWED = 150
"""Seconds. Links last for twice as long: whoever is told that nothing changed has links that are still good."""
_BELONG_TO_304 = ("etag", "cache-control", "vary")


def tagged(method: str, asked: dict[str, str], answer: dict[str, Any]) -> dict[str, Any]:
    """Give an answer its tag; where the caller knows it already, answer 304 instead.

    A route that has set a tag of its own keeps it.

    Parameters
    ----------
    asked
        The request's headers.
    """
    if method != "GET" or answer["statusCode"] != HTTPStatus.OK or answer.get("isBase64Encoded"):
        return answer
    headers = answer.get("headers", {})
    own = next((value for name, value in headers.items() if name.lower() == "etag"), None)
    tag = own or tag_of(answer["body"], time.time())
    given = next((value for name, value in asked.items() if name.lower() == "if-none-match"), "")
    if _matches(given, tag):
        kept = {name: value for name, value in headers.items() if name.lower() in _BELONG_TO_304}
        return {**answer, "statusCode": HTTPStatus.NOT_MODIFIED.value, "headers": {**kept, "ETag": tag}, "body": ""}
    return {**answer, "headers": {**headers, "ETag": tag}}


def tag_of(body: str, seconds: float) -> str:
    """Name what a body says, weakly: signatures of links count only by the time in which they are renewed."""
    text, links = _SIGNED.subn("", body)
    renewed = str(int(seconds // _LINKS_RENEWED)) if links else ""
    return f'W/"{hashlib.sha256(f"{renewed}:{text}".encode()).hexdigest()[:32]}"'


def _matches(given: str, tag: str) -> bool:
    """Compare weakly (RFC 9110): ``W/`` does not count."""
    known = [each.strip().removeprefix("W/") for each in given.split(",")]
    return "*" in known or tag.removeprefix("W/") in known
