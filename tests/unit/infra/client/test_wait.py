import threading
from typing import Any

import pytest

from infra.client import Client, TimedOut
from schemas.asset import Status
from schemas.errors import TransientFailure
from tests.unit.infra.client.conftest import API, Answer, Script


def asset(status: str, **more: Any) -> Answer:
    document = {
        "asset_id": "a-1",
        "source": {"bucket": "inbox", "key": "photo.png"},
        "size_bytes": 1,
        "status": status,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "a_field_of_tomorrow": True,
        **more,
    }
    return Answer(document=document)


UNKNOWN = Answer(404, {"code": "unknown_asset", "detail": "There is no asset."})


def test_waiting_starts_before_the_deployment_has_seen_the_upload(script: Script, client: Client):
    script.on("GET", f"{API}/assets/a-1", UNKNOWN, asset("QUEUED"), asset("DELIVERED"))
    assert client.wait(["a-1"], timeout=20)["a-1"].status is Status.DELIVERED


def test_every_change_is_told_once(script: Script, client: Client):
    running = asset("RUNNING", stage="inpaint")
    script.on("GET", f"{API}/assets/a-1", asset("QUEUED"), running, running, asset("QUARANTINED"))
    changes: list[tuple[str, str | None]] = []
    client.wait(["a-1"], lambda view: changes.append((view.status, view.stage)), timeout=20)
    assert changes == [("QUEUED", None), ("RUNNING", "inpaint"), ("QUARANTINED", None)]


def test_a_run_that_takes_too_long_is_said_to_go_on(script: Script, client: Client):
    script.on("GET", f"{API}/assets/a-1", asset("RUNNING"))
    with pytest.raises(TimedOut, match="the run goes on"):
        client.wait(["a-1"], timeout=0.3)


def test_waiting_ends_when_it_is_cancelled(script: Script, client: Client):
    script.on("GET", f"{API}/assets/a-1", asset("RUNNING"))
    cancelled = threading.Event()
    cancelled.set()
    assert client.wait(["a-1"], cancelled=cancelled) == {}


def test_an_asset_nobody_knows_is_none(script: Script, client: Client):
    script.on("GET", f"{API}/assets/a-1", UNKNOWN)
    assert client.asset("a-1") is None


def test_a_throttled_request_is_asked_again(script: Script, client: Client):
    script.on("GET", f"{API}/assets/a-1", Answer(429), asset("QUEUED"))
    found = client.asset("a-1")
    assert found is not None
    assert found.status is Status.QUEUED


def test_a_deployment_that_is_gone_is_said_so_without_a_trace(client: Client, script: Script, monkeypatch):
    monkeypatch.setattr("infra.client.transport._RETRIES", False)
    client._http.base_url = "http://127.0.0.1:1"
    with pytest.raises(TransientFailure) as caught:
        client.recipes.list()
    assert caught.value.code == "unreachable"


def test_the_best_image_of_a_delivered_asset_is_its_widest(script: Script, client: Client):
    kind = {"media_type": "image/png", "height": 1, "size_bytes": 1, "sha256": "0" * 64}
    renditions = [
        {"name": "native", "key": "a/n.png", "width": 10, **kind},
        {"name": "x2", "key": "a/x.png", "width": 20, **kind},
    ]
    outcome = {"status": "DELIVERED", "reason": "", "code": "delivered", "renditions": renditions}
    links = {"delivered.native": "n-url", "delivered.x2": "x-url"}
    script.on("GET", f"{API}/assets/a-1", asset("DELIVERED", outcome=outcome, links=links))
    found = client.asset("a-1")
    assert found is not None
    assert found.best_image == ("x-url", ".png")


def test_the_best_image_of_an_unreviewed_asset_is_the_last_one_made(script: Script, client: Client):
    times = {"started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:01Z"}
    image = {"image": {"bucket": "work", "key": "stages/refine/k/image.jpg"}}
    stages = [{"asset_id": "a-1", "run_id": "r-1", "stage": "refine", "outputs": image, **times}]
    links = {"original": "u", "refine.image": "r-url"}
    made = asset("AWAITING_REVIEW", links=links, stages=stages)
    script.on("GET", f"{API}/assets/a-1", made, asset("AWAITING_REVIEW"))
    found, without = client.asset("a-1"), client.asset("a-1")
    assert found is not None
    assert without is not None
    assert (found.best_image, without.best_image) == (("r-url", ".jpg"), None)
