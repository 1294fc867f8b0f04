"""Events out: whatever becomes of an upload is heard on the outcome bus, once for each outcome."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from infra.local import stack
from schemas.asset import Status
from schemas.outcome_event import OutcomeHeard, json_schema
from schemas.verdict import Opinion
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.listening import Listener, listening


@pytest.fixture
def bus(deployment: Deployment) -> Iterator[Listener]:
    """Whoever listens to outcomes."""
    with listening(deployment.aws, deployment.outputs["OutcomeBus"]) as listener:
        yield listener


def test_each_outcome_of_an_upload_is_heard_once(deployment: Deployment, bus: Listener) -> None:
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    delivered = deployment.put(key, pictures.encoded(dirty.photo))
    undecided = deployment.put(deployment.key("remove-object", "photo.png"), pictures.encoded(dirty.photo))
    broken = deployment.put(deployment.key("remove-watermark", "broken.png"), b"no picture at all")

    expected = {
        delivered: ("Asset Delivered", Status.DELIVERED),
        undecided: ("Asset Awaiting Review", Status.AWAITING_REVIEW),
        broken: ("Asset Quarantined", Status.QUARANTINED),
    }
    for asset_id, (kind, status) in expected.items():
        (event,) = bus.of(asset_id)
        heard = OutcomeHeard.model_validate(event)
        asset = deployment.client.asset(asset_id)
        assert asset is not None
        assert asset.outcome is not None
        assert (heard.detail_type, heard.detail.data.status, heard.detail.data.run_id) == (kind, status, asset.run_id)
        assert (heard.detail.data.code, heard.detail.data.reason) == (asset.outcome.code, asset.outcome.reason)
        assert heard.detail.data.renditions == asset.outcome.renditions
        assert list(Draft202012Validator(json_schema()).iter_errors(event["detail"])) == []

    waiting = deployment.client.asset(undecided)
    assert waiting is not None
    opinion = Opinion(verdict="reject", reason="other", comment="Not today.", deliver="nothing")
    deployment.client.reviews.decide(undecided, waiting.run_id, opinion)
    kinds = [event["detail-type"] for event in bus.of(undecided, 2)]
    assert kinds == ["Asset Awaiting Review", "Asset Rejected"]
    bus.listen()
    assert len({event["detail"]["id"] for event in bus.heard}) == len(bus.heard) == 4


def test_outcomes_are_heard_after_a_restart_as_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    state_dir = tmp_path / "state"
    try:
        for _ in range(2):
            deployment = Deployment(stack.up(state_dir))
            with listening(deployment.aws, deployment.outputs["OutcomeBus"]) as bus:
                asset_id = deployment.put(deployment.key("remove-watermark", "broken.png"), b"no picture")
                (event,) = bus.of(asset_id)
                assert event["detail-type"] == "Asset Quarantined"
            stack.down(state_dir)
    finally:
        stack.down(state_dir)
