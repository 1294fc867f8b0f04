"""What is delivered is read again and checked, and the API tells what was found."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.aws import clients, records, secrets
from handlers.credentials import checking
from handlers.settings import settings
from infra.local import credentials
from schemas.asset import Status
from schemas.records import AssetRecord, Outcome
from schemas.rendition import Rendition
from schemas.verified import Standing
from tests.documents import DELIVERY, PHOTO, SHA
from tests.unit.handlers.conftest import asset_of
from tests.unit.handlers.credentials.conftest import Signed, certificate
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.pictures import COLOUR, encoded

NAME = "cleanplate/content-credentials"
ASSET = asset_of(PHOTO)


@pytest.fixture
def signing(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign as the deployment does whose certificate the tests have."""
    monkeypatch.setenv("SIGNING_SECRET", NAME)
    settings.cache_clear()
    _, key, _ = credentials.made(datetime.now(UTC))
    secrets.write(NAME, json.dumps({"chain": certificate()[0].chain, "key": key}))


def _delivered(monkeypatch: pytest.MonkeyPatch, *files: tuple[str, bytes]) -> None:
    """Deliver files as some run left them."""
    renditions = []
    for number, (media_type, data) in enumerate(files):
        key = f"assets/{ASSET}/{number}/photo"
        clients.client("s3").put_object(Bucket=DELIVERY, Key=key, Body=data)
        facts = {"media_type": media_type, "width": 160, "height": 120, "size_bytes": len(data), "sha256": SHA}
        renditions.append(Rendition(name=f"file-{number}", key=key, **facts))
    now = datetime.now(UTC)
    outcome = Outcome(status=Status.DELIVERED, reason="Done.", code="delivered", renditions=renditions)
    facts = {"asset_id": ASSET, "source": PHOTO, "size_bytes": 1, "status": Status.DELIVERED, "outcome": outcome}
    asset = AssetRecord(**facts, created_at=now, updated_at=now)
    monkeypatch.setattr(records, "find_asset", lambda _: asset)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch, context: Any) -> list[dict[str, Any]]:
    """Let the other function answer in this process."""
    asked: list[dict[str, Any]] = []

    def invoke(**arguments: Any) -> dict[str, Any]:
        question = json.loads(arguments["Payload"])
        asked.append(question)
        return {"Payload": io.BytesIO(json.dumps(checking.handler(question, context)).encode())}

    monkeypatch.setattr(clients.client("lambda"), "invoke", invoke)
    return asked


@pytest.mark.usefixtures("signing", "answering")
def test_every_delivered_file_is_told_apart(signed: Signed, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    whole = signed("image/png", generative=True).read_bytes()
    changed = bytearray(whole)
    changed[-30] ^= 1
    plain = encoded(COLOUR, "JPEG")
    files = [("image/png", whole), ("image/png", bytes(changed)), ("image/jpeg", plain), ("image/bmp", plain)]
    _delivered(monkeypatch, *files)
    status, answer = call("GET", f"/assets/{ASSET}/credentials")
    assert status == 200
    assert answer["signs"]
    found = answer["files"]
    assert [file.get("standing") for file in found] == [Standing.INTACT, Standing.TAMPERED, Standing.NOT_SIGNED, None]
    assert found[0]["generative"]
    assert any("compositeWithTrainedAlgorithmicMedia" in line for line in found[0]["trail"])
    assert "cannot carry" in found[3]["sentence"]


@pytest.mark.usefixtures("aws", "answering")
def test_a_deployment_that_signs_nothing_says_so(signed: Signed, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    _delivered(monkeypatch, ("image/jpeg", signed().read_bytes()))
    _, answer = call("GET", f"/assets/{ASSET}/credentials")
    assert not answer["signs"]
    assert answer["files"][0]["standing"] == Standing.UNKNOWN_SIGNER


@pytest.mark.usefixtures("signing")
def test_what_is_gone_or_too_large_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _delivered(monkeypatch, ("image/jpeg", b"x" * 100), ("image/jpeg", b""))
    clients.client("s3").delete_object(Bucket=DELIVERY, Key=f"assets/{ASSET}/1/photo")
    monkeypatch.setattr(checking, "_LARGEST", 50)
    large, gone = checking.check(ASSET).files
    assert "larger" in large.sentence
    assert "no longer there" in gone.sentence


def test_an_asset_that_is_none_is_not_asked_about(call: Call, answering: list[dict[str, Any]]) -> None:
    refused(call("GET", f"/assets/{ASSET}/credentials"), 404, "unknown_asset")
    assert answering == []


def test_a_check_that_failed_is_worth_another_try(monkeypatch: pytest.MonkeyPatch, call: Call, aws: None) -> None:
    _delivered(monkeypatch)
    failed = {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "secret"}')}
    monkeypatch.setattr(clients.client("lambda"), "invoke", lambda **_: failed)
    assert "secret" not in refused(call("GET", f"/assets/{ASSET}/credentials"), 503, "check_failed")
