"""A recorded run is done again on the real template and makes the same bytes; where it does not, it says why."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from infra.cli.app import app
from infra.client import AssetView, Job
from infra.demo.pictures import dirty_pictures
from infra.local import home
from schemas.asset import Status
from schemas.comparing import UNSIGNED
from schemas.http.replays import StageShown
from schemas.stage import Stage
from schemas.verdict import Opinion
from tests.e2e import axe, pictures
from tests.e2e.browser import watched
from tests.e2e.deployment import Deployment

EDITED = [Stage.INSPECT, Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS, Stage.JUDGE, Stage.ROUTE, Stage.RENDER]


@pytest.fixture(scope="module")
def repaired(deployment: Deployment) -> AssetView:
    """A photograph with letters on it, repaired and delivered."""
    dirty = pictures.lettered(pictures.coffee())
    key = deployment.key("remove-watermark", "replayed.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
    assert asset.status is Status.DELIVERED, asset.outcome
    return asset


@pytest.fixture(scope="module")
def doubtful(deployment: Deployment) -> AssetView:
    """A photograph out of which a box was taken, which waits for a person."""
    key = deployment.key("remove-object", "replayed.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee()), box="60,60,120,110"))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    return asset


def test_every_stage_of_a_repair_is_identical_and_the_picture_is_left_alone(
    deployment: Deployment, repaired: AssetView
) -> None:
    replays, manifest = deployment.client.replays, deployment.manifest(repaired.source.key)
    found = replays.wait(replays.start(repaired.run_id).run_id)
    assert (found.state, found.identical) == ("done", True), found
    assert [stage.stage for stage in found.stages if stage.sameness == "identical"][: len(EDITED)] == EDITED
    assert {stage.sameness for stage in found.stages} == {"identical", "not-repeated"}
    after = deployment.client.asset(repaired.asset_id)
    assert after is not None
    assert (after.run_id, after.status, after.updated_at) == (repaired.run_id, repaired.status, repaired.updated_at)
    assert deployment.manifest(repaired.source.key) == manifest
    assert not any(stage.reused for stage in replays.stages(found.run_id).stages)


def test_a_run_that_turned_to_a_second_model_and_to_a_person_is_identical_too(
    deployment: Deployment, doubtful: AssetView
) -> None:
    replays = deployment.client.replays
    found = replays.wait(replays.start(doubtful.run_id).run_id)
    assert (found.state, found.identical) == ("done", True), found
    assert len(found.stages) >= len(EDITED)
    decided = deployment.client.reviews.decide(doubtful.asset_id, doubtful.run_id, Opinion(verdict="approve"))
    assert decided.next_run is not None
    deployment.settled(doubtful.asset_id, Status.DELIVERED)
    ruled = replays.wait(replays.start(decided.next_run).run_id)
    assert (ruled.state, ruled.identical) == ("done", True), ruled
    same = [stage.stage for stage in ruled.stages if stage.sameness == "identical"]
    assert same == [Stage.ROUTE, Stage.RENDER]
    assert any(doubtful.run_id in stage.note for stage in ruled.stages if stage.stage == Stage.MASK)


@pytest.mark.weights
@pytest.mark.parametrize("file", ["cat.png", "coffee.png", "rocket.png", "garage.png"])
def test_every_stage_of_a_demo_run_is_identical(deployment: Deployment, file: str, tmp_path: Path) -> None:
    client, picture = deployment.client, next(each for each in dirty_pictures() if each.file == file)
    photo, mask = picture.save(tmp_path)
    key = deployment.key("replayed", picture.file)
    if mask:
        client.upload_mask(key, mask, recipe=picture.recipe)
    asset = deployment.outcome(client.upload(key, photo, Job(recipe=picture.recipe, rights="owned")), timeout=250)
    found = client.replays.wait(client.replays.start(asset.run_id).run_id)
    assert [(stage.stage, stage.made) for stage in found.stages if stage.made] == []
    assert found.identical, found
    decided = EDITED if asset.status is Status.DELIVERED else EDITED[:-1]
    assert {stage.stage for stage in found.stages if stage.sameness == "identical"} >= set(decided)


def test_files_for_pages_are_the_same_before_they_are_signed(deployment: Deployment) -> None:
    key = deployment.key("web-ready", "replayed.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee())))
    assert asset.outcome is not None
    assert len(asset.outcome.renditions) > 3
    replays = deployment.client.replays
    found = replays.wait(replays.start(asset.run_id).run_id)
    assert (found.state, found.identical) == ("done", True), found
    first, again = (_rendered(deployment, run_id) for run_id in (asset.run_id, found.run_id))
    assert first.parameters[UNSIGNED] == again.parameters[UNSIGNED]
    assert {file.name for file in asset.outcome.renditions} == set(first.outputs)
    signed = [file.name for file in asset.outcome.renditions if file.credentials]
    assert all(first.outputs[name].sha256 != again.outputs[name].sha256 for name in signed)


def _rendered(deployment: Deployment, run_id: str) -> StageShown:
    stages = deployment.client.replays.stages(run_id).stages
    return next(stage for stage in stages if stage.stage == Stage.RENDER)


def test_a_model_that_has_another_version_by_now_is_named(deployment: Deployment, repaired: AssetView) -> None:
    """The record says another version, weights and bytes than the model has: as if it had been changed since."""
    (item,) = deployment.items(repaired.asset_id, f"STAGE#{repaired.run_id}#inpaint")
    older = json.loads(json.dumps(item))
    older["model"]["M"]["version"] = {"S": "0-before"}
    older["outputs"]["M"]["edits"]["M"]["sha256"] = {"S": "ab" * 32}
    table = {"TableName": deployment.outputs["RecordsTable"]}
    deployment.aws.client("dynamodb").put_item(**table, Item=older)
    try:
        started = deployment.client.replays.start(repaired.run_id)
        found = deployment.client.replays.wait(started.run_id)
    finally:
        deployment.aws.client("dynamodb").put_item(**table, Item=item)
    assert (found.state, found.identical) == ("done", False)
    fill = next(stage for stage in found.stages if stage.stage == Stage.INPAINT)
    assert fill.sameness == "differs"
    assert [(change.what, change.before) for change in fill.because] == [("model.version", '"0-before"')]
    assert found.reason is not None
    assert found.reason.endswith("`inpaint`.")


def test_the_command_line_says_it_stage_by_stage(
    deployment: Deployment, repaired: AssetView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "current_state_dir", lambda: deployment.info.state_dir)
    told = CliRunner().invoke(app, ["replay", repaired.source.key])
    assert told.exit_code == 0, told.output
    assert "inpaint\tidentical\tunblend@" in told.output
    assert "stages that were repeated are identical" in told.output


def test_two_runs_of_two_pictures_are_compared_on_one_page(
    deployment: Deployment,
    repaired: AssetView,
    doubtful: AssetView,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(home, "current_state_dir", lambda: deployment.info.state_dir)
    page = tmp_path / "diff.html"
    told = CliRunner().invoke(app, ["diff", repaired.source.key, doubtful.run_id, "--html", str(page)])
    assert told.exit_code == 1, told.output
    assert "run\toutcome.status\tDELIVERED\tAWAITING_REVIEW" in told.output
    shown = browser.new_page(viewport={"width": 360, "height": 800})
    wrong = watched(shown)
    shown.goto(page.as_uri())
    assert shown.locator("#pictures img").count() >= 6
    assert all(shown.evaluate("[...document.images].map((image) => image.naturalWidth > 0)"))
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe.findings(shown) == []
    assert wrong == []
    shown.close()
