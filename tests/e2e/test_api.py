"""The HTTP API on the real template: bring a picture, look, have it done, again, or not at all."""

import time
from typing import Any

import pytest
import urllib3

from infra.client import ApiError, Job
from schemas import ids
from schemas.asset import Status
from schemas.stage import Stage
from tests.e2e import pictures
from tests.e2e.deployment import Deployment

pytestmark = pytest.mark.stack


def _held(deployment: Deployment, *, masked: bool = True, recipe: str = "remove-watermark") -> str:
    """Bring a picture that waits for an order, with the mask of its letters beside it."""
    dirty = pictures.lettered(pictures.coffee())
    key = deployment.key(recipe, "photo.png")
    if masked:
        deployment.put(key.replace(".png", ".mask.png"), pictures.encoded(dirty.mask))
    asset_id = deployment.put(key, pictures.encoded(dirty.photo), hold="true")
    deployment.settled(asset_id, Status.HELD)
    return asset_id


def _send(link: dict[str, Any], data: bytes) -> str:
    answer = urllib3.request("PUT", link["url"], body=data, headers=link["headers"], timeout=60)
    assert answer.status == 200, answer.data
    return ids.asset_id(link["bucket"], link["key"], answer.headers["x-amz-version-id"])


def test_a_picture_is_put_under_a_link_of_its_size_and_type_and_delivered(deployment: Deployment) -> None:
    data = pictures.encoded(pictures.coffee(64, 64))
    path = deployment.key("api", "photo.png").removeprefix("api/")
    wanted = {"path": path, "recipe": "enhance", "scale": 2, "tags": {"shop": "7"}}
    bound = {"method": "put", "size_bytes": len(data), "content_type": "image/png"}
    link = deployment.client._http.post("/assets", wanted | bound, once=True)
    asset = deployment.outcome(_send(link, data))
    assert (asset.status, asset.recipe.partition("@")[0], asset.tags) == (Status.DELIVERED, "enhance", {"shop": "7"})


def test_what_would_be_removed_is_seen_before_it_is_and_done_when_it_is_ordered(deployment: Deployment) -> None:
    asset_id = _held(deployment)
    client = deployment.client
    preview = client.previews.wait(client.previews.start(asset_id, "mask"))
    assert (preview.state, preview.code) == ("done", "previewed")
    assert preview.share is not None
    assert 0 < preview.share < 0.2
    assert len(preview.areas) == 1
    held = client.asset(asset_id)
    assert held is not None
    assert held.status is Status.HELD
    run = client.runs.again(asset_id)
    asset = deployment.outcome(asset_id)
    assert (asset.status, asset.run_id) == (Status.DELIVERED, run.run_id), asset.outcome
    masked = next(stage for stage in asset.stages if stage.stage is Stage.MASK)
    looked = client.runs.show(preview.run_id)
    assert looked.run.trial
    assert masked.outputs["mask"].key.startswith("stages/mask/")


def test_a_delivered_picture_is_done_again_by_another_recipe_and_from_a_later_stage(deployment: Deployment) -> None:
    asset_id = _held(deployment)
    client = deployment.client
    client.runs.again(asset_id)
    assert deployment.outcome(asset_id).attempt == 1
    again = client.runs.again(asset_id, entry=Stage.INPAINT)
    asset = deployment.outcome(asset_id)
    assert (asset.status, asset.run_id, asset.attempt) == (Status.DELIVERED, again.run_id, 2)
    assert Stage.MASK in [stage.stage for stage in asset.stages]
    client.runs.again(asset_id, Job(recipe="enhance"))
    asset = deployment.outcome(asset_id)
    assert (asset.status, asset.recipe.partition("@")[0], asset.attempt) == (Status.DELIVERED, "enhance", 3)
    manifest = deployment.manifest(asset.source.key)
    assert manifest is not None
    assert manifest["run_id"] == asset.run_id


def test_a_cancelled_run_is_stopped_and_delivers_nothing(deployment: Deployment) -> None:
    asset_id = _held(deployment)
    client = deployment.client
    run = client.runs.again(asset_id)
    cancelled = client.runs.cancel(run.run_id)
    assert cancelled.status is Status.CANCELLED
    arn = deployment.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:") + f":{run.run_id}"
    states = deployment.aws.client("stepfunctions")
    assert states.describe_execution(executionArn=arn)["status"] == "ABORTED"
    time.sleep(3)  # what was under way may come to its end: nobody listens
    asset = client.asset(asset_id)
    assert asset is not None
    assert asset.status is Status.CANCELLED
    assert deployment.manifest(asset.source.key) is None
    assert states.describe_execution(executionArn=arn)["status"] == "ABORTED"
    assert client.runs.cancel(run.run_id).status is Status.CANCELLED
    client.runs.again(asset_id)
    assert deployment.outcome(asset_id).status is Status.DELIVERED


def test_while_a_run_works_on_a_picture_there_is_no_second_one(deployment: Deployment) -> None:
    asset_id = _held(deployment)
    run = deployment.client.runs.again(asset_id)
    with pytest.raises(ApiError, match="under_way"):
        deployment.client.runs.again(asset_id)
    assert deployment.outcome(asset_id).run_id == run.run_id
    assert deployment.executions(asset_id) == [run.run_id]


def test_lists_choose_by_tag_recipe_and_standing(deployment: Deployment) -> None:
    tag = deployment.key("t", "x").split("/")[1]
    photo = pictures.encoded(pictures.coffee(64, 64))
    metadata = Job(hold=True, tags={"suite": tag}).metadata
    names = [deployment.put(deployment.key("enhance", f"{n}.png"), photo, **metadata) for n in range(3)]
    for name in names:
        deployment.settled(name, Status.HELD)
    ask = deployment.client._http.get
    found = ask("/assets", tag=f"suite:{tag}", recipe="enhance")["assets"]
    assert sorted(asset["asset_id"] for asset in found) == sorted(names)
    assert ask("/assets", tag=f"suite:{tag}", status="DELIVERED")["assets"] == []


def test_what_runs_cost_is_added_up_once(deployment: Deployment) -> None:
    asset_id = _held(deployment)
    deployment.client.runs.again(asset_id)
    asset = deployment.outcome(asset_id)
    assert asset.outcome is not None
    assert asset.outcome.cost is not None
    marker = {"pk": {"S": f"COSTED#{asset.run_id}"}, "sk": {"S": "COSTED"}}
    table, dynamodb = deployment.outputs["RecordsTable"], deployment.aws.client("dynamodb")
    deadline = time.monotonic() + 60
    while "Item" not in dynamodb.get_item(TableName=table, Key=marker):
        assert time.monotonic() < deadline, "the run was not counted"
        time.sleep(0.5)
    costs = deployment.client.costs.between(by="recipe")
    mine = next(each for each in costs.sums if each.name == asset.recipe)
    assert mine.runs >= 1
    assert mine.seconds >= round(asset.outcome.cost.seconds, 3)
    assert costs.total.runs == sum(each.runs for each in costs.sums)
    assert {each.name for each in deployment.client.costs.between(by="model").sums} >= {"unblend"}
