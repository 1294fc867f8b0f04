"""What is taken back is said to be gone when it is gone, and not when it was asked for."""

import json
from typing import Any

import pytest

from infra.client import Client
from infra.client.errors import TimedOut
from schemas.asset import Status
from tests import documents
from tests.unit.infra.client.conftest import API, Answer, Script

ASSET = documents.run().asset_id


def _standing(**withdrawal: Any) -> dict[str, Any]:
    moment = "2026-11-30T10:00:00Z"
    by = {"who": "ada", "name": "Ada"}
    return {
        "asset_id": ASSET,
        "source": documents.PHOTO.model_dump(),
        "size_bytes": 1,
        "status": "WITHDRAWN",
        "outcome": {"status": "WITHDRAWN", "code": "withdrawn", "reason": "Withdrawn by Ada (privacy)."},
        "withdrawal": {"at": moment, "by": by, "reason": "privacy", **withdrawal},
        "created_at": moment,
        "updated_at": moment,
        "of_a_newer_deployment": True,
    }


def test_a_withdrawal_says_why_and_waits_until_the_files_are_gone(script: Script, client: Client) -> None:
    script.on("POST", f"{API}/assets/{ASSET}/withdraw", Answer(202, _standing()))
    script.on(
        "GET", f"{API}/assets/{ASSET}", Answer(200, _standing()), Answer(200, _standing(done_at="2026-11-30T10:00:01Z"))
    )
    assert client.removals.withdraw(ASSET, "privacy").is_being_withdrawn
    assert client.removals.gone(ASSET).status is Status.WITHDRAWN
    assert json.loads(script.asked[0].body) == {"reason": "privacy"}


def test_what_takes_too_long_goes_on(script: Script, client: Client) -> None:
    script.on("GET", f"{API}/assets/{ASSET}", Answer(200, _standing()))
    with pytest.raises(TimedOut, match="goes on"):
        client.removals.gone(ASSET, timeout=0)
