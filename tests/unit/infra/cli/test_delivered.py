"""``cleanplate link``, ``picture`` and ``copy``: what is printed can be pasted, and what cannot be shown is said."""

from types import SimpleNamespace
from typing import Any

import pytest

from infra.client.delivered import Delivered
from tests import documents
from tests.unit.infra.cli.test_commands import run

ASSET = documents.run().asset_id
CDN = "https://images.example.org"
NATIVE = f"{CDN}/assets/{ASSET}/abc/photo.jpg"


class Api:
    """Answers as the API does, and keeps what it was asked."""

    def __init__(self, **found: Any) -> None:
        self.asked: list[Any] = []
        self.found = {
            "asset_id": ASSET,
            "signed": False,
            "manifest": f"{CDN}/assets/{ASSET}/manifest.json",
            "links": {"native": NATIVE},
            "sources": [],
            "of_a_newer_deployment": True,
            **found,
        }

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Answer a question."""
        self.asked.append((path, query))
        return self.found

    def post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        """Take an order."""
        self.asked.append((path, document))
        return {"asset_id": ASSET, "bucket": "partner-pictures"}


def _serving(monkeypatch: pytest.MonkeyPatch, api: Any) -> None:
    monkeypatch.setattr("infra.cli.target.connect", lambda *_: SimpleNamespace(delivered=Delivered(api)))


SHOWN = {"type": "image/jpeg", "src": NATIVE, "srcset": f"{NATIVE} 640w", "width": 640, "height": 480}


def test_addresses_are_printed_to_be_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(signed=True, expires_at="2026-11-30T12:00:00Z")
    _serving(monkeypatch, api)
    code, said = run("link", ASSET, "--seconds", "600")
    assert code == 0, said
    rows = [line for line in said.splitlines() if "https://" in line]
    assert rows == [f"native\t{NATIVE}", f"manifest\t{CDN}/assets/{ASSET}/manifest.json"]
    assert "2026-11-30 12:00:00 UTC" in said
    assert api.asked == [(f"/assets/{ASSET}/links", {"seconds": "600"})]


def test_nothing_is_asked_for_longer_than_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api()
    _serving(monkeypatch, api)
    assert run("link", ASSET, "--seconds", "604801")[0] == 2
    assert api.asked == []


def test_a_picture_is_printed_as_html(monkeypatch: pytest.MonkeyPatch) -> None:
    _serving(monkeypatch, Api(fallback=SHOWN))
    _, said = run("picture", ASSET, "--alt", 'A "cup"', "--sizes", "50vw")
    assert said.startswith("<picture>")
    assert 'alt="A &quot;cup&quot;"' in said
    assert 'sizes="50vw"' in said


def test_what_no_browser_shows_is_said_to_be_such(monkeypatch: pytest.MonkeyPatch) -> None:
    _serving(monkeypatch, Api())
    code, said = run("picture", ASSET)
    assert code == 1
    assert "No browser shows" in said


def test_a_copy_is_ordered_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api()
    _serving(monkeypatch, api)
    assert f"{ASSET}  will be copied to partner-pictures" in run("copy", ASSET)[1]
    assert api.asked == [(f"/assets/{ASSET}/copies", {})]
