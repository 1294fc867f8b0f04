"""The client sends artwork as it is, signed, and believes only what a mark can be."""

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.client import ApiError, Client
from tests.unit.infra.client.conftest import API, Answer, Script

SHA = hashlib.sha256(b"png").hexdigest()
MARK = {
    "name": "acme",
    "artwork": {"bucket": "work", "key": f"marks/acme/{SHA}.png", "version_id": "v1", "sha256": SHA},
    "sha256": SHA,
    "width": 32,
    "height": 16,
    "size_bytes": 3,
    "registered_at": "2026-01-02T03:04:05Z",
}


def test_artwork_arrives_byte_for_byte_and_signed(script: Script, client: Client):
    script.on("PUT", f"{API}/marks/acme", Answer(document=MARK))
    artwork = bytes(range(256))
    assert client.marks.add("acme", artwork).sha256 == SHA
    (asked,) = script.asked
    assert (asked.body, asked.headers["Content-Type"]) == (artwork, "image/png")
    assert "SignedHeaders=content-type;" in asked.headers["Authorization"]


def test_a_refusal_comes_in_the_words_of_the_api(script: Script, client: Client):
    problem = {"status": 400, "code": "blank_artwork", "detail": "There is no mark to see."}
    script.on("PUT", f"{API}/marks/acme", Answer(400, problem))
    with pytest.raises(ApiError, match="no mark to see") as raised:
        client.marks.add("acme", b"png")
    assert raised.value.code == "blank_artwork"


def test_marks_are_listed_and_removed(script: Script, client: Client):
    script.on("GET", f"{API}/marks", Answer(document={"marks": [MARK | {"new_field": 1}], "most": 16}))
    script.on("DELETE", f"{API}/marks/acme", Answer(document=MARK | {"removed_at": "2026-01-03T00:00:00Z"}))
    assert [mark.name for mark in client.marks.list()] == ["acme"]
    assert client.marks.remove("acme").removed_at is not None


def test_artwork_is_saved_from_its_link(script: Script, client: Client, tmp_path: Path):
    script.on("GET", f"{API}/marks/acme", Answer(document=MARK | {"link": f"{script.url}/artwork"}))
    script.on("GET", "/artwork", Answer(body=b"png"))
    assert client.marks.download(client.marks.show("acme"), tmp_path / "acme.png") == 3
    assert (tmp_path / "acme.png").read_bytes() == b"png"


def test_an_answer_that_is_no_mark_is_not_believed(script: Script, client: Client):
    script.on("GET", f"{API}/marks/acme", Answer(document=MARK | {"name": "../acme"}))
    with pytest.raises(ValidationError):
        client.marks.show("acme")
