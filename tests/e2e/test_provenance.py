"""What is written down leads from a picture to the models that made it, and from a model to its pictures."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.aws.items import FOUND
from inference.registry import Registry
from infra.client import ApiError
from schemas.asset import Status
from schemas.http.provenance import FoundRunShown
from schemas.stage import Stage
from schemas.verdict import Opinion
from tests.e2e import pictures
from tests.e2e.deployment import Deployment


@pytest.fixture(scope="module")
def delivered(deployment: Deployment) -> str:
    """An asset that was enlarged and delivered."""
    key = deployment.key("enhance", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(96, 80))))
    assert asset.status is Status.DELIVERED, asset.outcome
    return asset.asset_id


def found(deployment: Deployment, asset_id: str, **asked: Any) -> FoundRunShown:
    """Wait until an asset is found: the index comes some moments after the outcome."""
    deadline = time.monotonic() + 30
    while True:
        runs = [run for run in deployment.client.provenance.find(**asked) if run.asset_id == asset_id]
        if runs:
            (run,) = runs
            return run
        assert time.monotonic() < deadline, f"not found by {asked}"
        time.sleep(0.2)


def test_a_delivered_file_is_found_by_the_weights_that_made_it(deployment: Deployment, delivered: str) -> None:
    asset = deployment.outcome(delivered)
    assert asset.outcome is not None
    keys = [file.key for file in asset.outcome.renditions]
    upscaled = next(stage for stage in asset.stages if stage.stage is Stage.UPSCALE)
    assert upscaled.model is not None
    name, version = upscaled.model.name, upscaled.model.version
    (weights,) = {each.sha256 for each in Registry().card(name).weights if each.file.endswith(".bin")}
    for asked in (
        {"weights": weights},
        {"model": f"{name}@{version}", "status": Status.DELIVERED, "part": "made"},
        {"recipe": asset.recipe},
        {"first": datetime.now(UTC).date(), "last": datetime.now(UTC).date()},
    ):
        run = found(deployment, delivered, **asked)
        assert (run.run_id, run.delivered, run.status, run.current) == (asset.run_id, keys, "DELIVERED", True), asked


def test_a_run_is_traced_from_the_bytes_of_its_upload_to_those_of_its_files(
    deployment: Deployment, delivered: str
) -> None:
    asset = deployment.outcome(delivered)
    trace = deployment.client.provenance.trace(asset.run_id)
    assert asset.inspection is not None
    assert trace.source.sha256 == asset.inspection.sha256
    assert trace.outcome == asset.outcome
    made = [stage for stage in trace.stages if stage.part == "made"]
    assert Stage.UPSCALE in [stage.stage for stage in made]
    for stage in trace.stages:
        assert stage.lacks == []
        if stage.model is not None:
            assert stage.cost is not None
            assert "numpy" in stage.model.libraries
        else:
            assert "python" in stage.libraries


def test_who_gave_a_verdict_finds_the_run_again(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(120, 100))
    key = deployment.key("remove-watermark", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), rights=None))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    decided = deployment.client.reviews.decide(
        asset.asset_id, asset.run_id, Opinion(verdict="reject", reason="other", deliver="nothing")
    )
    run = found(deployment, asset.asset_id, reviewer=decided.who)
    assert (run.run_id, run.current) == (asset.run_id, True)
    deeds = deployment.client.provenance.trace(asset.run_id).deeds
    assert [deed.what for deed in deeds] == ["opened", "rejected"]


def test_what_is_erased_is_found_by_nothing_any_more(deployment: Deployment) -> None:
    key = deployment.key("enhance", "photo.png")
    asset_id = deployment.put(key, pictures.encoded(pictures.cat(80, 64)))
    run_id = deployment.outcome(asset_id).run_id
    found(deployment, asset_id, model="span-x2@1")
    deployment.client.removals.erase(asset_id, "request")
    deployment.client.removals.erased(asset_id)
    time.sleep(2)  # what the stream still tells of it comes now
    assert deployment.items(asset_id, FOUND) == []
    assert asset_id not in {run.asset_id for run in deployment.client.provenance.find(model="span-x2@1")}
    with pytest.raises(ApiError, match="There is no run"):
        deployment.client.provenance.trace(run_id)
