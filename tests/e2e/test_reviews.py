"""A verdict has consequences: on the local stack, from a flagged result to what is delivered."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from infra.client import AssetView
from infra.client.errors import ApiError
from infra.local.info import StackInfo
from schemas.asset import Status
from schemas.redo import Changes, Stroke
from schemas.stage import Stage
from schemas.verdict import Opinion
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.test_cli_edit import run
from tests.e2e.test_policy import hard

APPROVE = Opinion(verdict="approve")


def _flagged(deployment: Deployment, recipe: str = "remove-object") -> tuple[str, AssetView]:
    """Have a picture done that no model here can be trusted with."""
    photo = pictures.coffee(200, 160)
    key = deployment.key(recipe, "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(hard(photo)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo)))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    return key, asset


def _next(deployment: Deployment, asset: AssetView, run_id: str) -> AssetView:
    """Wait for the outcome of the run that a verdict led to."""
    found = deployment.outcome(asset.asset_id)
    assert found.run_id == run_id
    return found


def _decided(deployment: Deployment, asset: AssetView, opinion: Opinion = APPROVE) -> AssetView:
    decision = deployment.client.reviews.decide(asset.asset_id, asset.run_id, opinion)
    assert decision.next_run is not None
    return _next(deployment, asset, decision.next_run)


def test_what_is_approved_is_delivered_to_the_pixel_as_it_was_seen(deployment: Deployment) -> None:
    key, asset = _flagged(deployment)
    image = next(stage.outputs["image"] for stage in asset.stages if stage.stage is Stage.REFINE)
    seen = image.sha256
    done = _decided(deployment, asset)
    assert done.outcome is not None
    assert (done.status, done.outcome.rule) == (Status.DELIVERED, "approved")
    before = deployment.s3.get_object(Bucket=image.bucket, Key=image.key)["Body"].read()
    assert np.array_equal(pictures.decoded(deployment.delivered(key)), pictures.decoded(before))
    assert [entry.what for entry in done.trail] == ["opened", "approved"]
    assert done.trail[-1].seen["after"].sha256 == seen
    assert {Stage.INPAINT, Stage.DELIVER} <= {stage.stage for stage in done.stages}  # the work before is told as well


def test_what_stopped_at_the_gate_is_enlarged_once_somebody_approved_it(deployment: Deployment) -> None:
    key, asset = _flagged(deployment, "clean-and-print")
    done = _decided(deployment, asset)
    if done.status is Status.AWAITING_REVIEW:  # its enlargement is looked at by the rules of its own
        assert done.outcome is not None
        assert done.outcome.rule != "approved"
        done = _decided(deployment, done)
    assert done.status is Status.DELIVERED
    manifest = deployment.manifest(key)
    assert manifest is not None
    assert [(file["name"], file["width"]) for file in manifest["renditions"]] == [("native", 200), ("x2", 400)]


def test_a_rejected_edit_leaves_the_original_to_be_delivered(deployment: Deployment) -> None:
    key, asset = _flagged(deployment)
    done = _decided(deployment, asset, Opinion(verdict="reject", reason="invented", deliver="original"))
    assert done.status is Status.DELIVERED
    found = np.asarray(Image.open(io.BytesIO(deployment.delivered(key))).convert("RGB"))
    assert (found == np.asarray(pictures.coffee(200, 160))).all()


def test_a_painted_mask_changes_what_it_covers_and_nothing_else(deployment: Deployment) -> None:
    key, asset = _flagged(deployment)
    dot = Stroke(paint=True, radius=9, points=[(150.0, 120.0), (164.0, 120.0)])
    changes = Changes(strokes=[dot], start_from="empty", reason="wrong-place")
    reviews = deployment.client.reviews
    again = _next(deployment, asset, reviews.redo(asset.asset_id, asset.run_id, changes))
    assert (again.status, again.outcome and again.outcome.rule) == (Status.AWAITING_REVIEW, "redone"), again.outcome
    item = reviews.show(again.asset_id, again.run_id)
    assert item.parent is not None
    assert item.parent.run_id == asset.run_id
    done = _decided(deployment, again)
    assert done.status is Status.DELIVERED
    before = np.asarray(pictures.coffee(200, 160)).astype(int)
    after = np.asarray(Image.open(io.BytesIO(deployment.delivered(key))).convert("RGB")).astype(int)
    rows, columns = np.nonzero(np.abs(after - before).sum(axis=2))
    assert len(rows) > 200
    assert (rows.min() >= 105, rows.max() <= 135, columns.min() >= 135, columns.max() <= 180) == (True,) * 4


def test_a_statement_of_rights_lets_a_waiting_run_go_on_at_its_beginning(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee())
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), rights=None))
    reviews = deployment.client.reviews
    with pytest.raises(ApiError) as refused:
        reviews.decide(asset.asset_id, asset.run_id, APPROVE)
    assert refused.value.code == "nothing_to_approve"
    again = _next(deployment, asset, reviews.redo(asset.asset_id, asset.run_id, Changes(rights="owned")))
    assert Stage.INPAINT in {stage.stage for stage in again.stages}
    assert _decided(deployment, again).status is Status.DELIVERED


def test_the_command_line_clears_the_queue(
    deployment: Deployment, local_stack: StackInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.stack.attach", lambda *_: local_stack)
    key, asset = _flagged(deployment)
    code, output = run("review", "list", "--recipe", "remove-object", "--json")
    assert code == 0, output
    assert asset.asset_id in [row["asset_id"] for row in json.loads(output)]
    assert asset.asset_id in run("review", "list")[1]
    code, output = run("review", "show", key)
    assert (code, "opened" in output, "Links" in output) == (0, True, True), output
    code, output = run("review", "redo", key, "--model", "telea", "--reason", "visible-repair")
    assert (code, "model telea" in output) == (0, True), output
    again = deployment.settled(asset.asset_id, Status.AWAITING_REVIEW)
    fills = [stage.model.name for stage in again.stages if stage.stage is Stage.INPAINT and stage.model]
    assert fills == ["telea"]
    code, output = run("review", "approve", key, "--comment", "Good enough.")
    assert (code, "delivering" in output) == (0, True), output
    assert deployment.settled(asset.asset_id, Status.DELIVERED).outcome is not None
    code, output = run("review", "reject", key, "--reason", "moon")
    assert (code, "invented" in output) == (2, True), output
