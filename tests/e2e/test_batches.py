"""Batches over what lies in the inbox: each picture once, stopped and resumed, by other recipes, from a manifest."""

import time

import pytest

from infra.client import Job
from schemas.asset import Status
from schemas.batch import BatchState
from schemas.http.batches import BatchDetail
from tests.e2e import pictures
from tests.e2e.deployment import Deployment

pytestmark = pytest.mark.stack


@pytest.fixture
def folder(deployment: Deployment) -> str:
    """Put photographs into the inbox that start nothing by themselves, each with its mask; give their prefix."""
    prefix = deployment.key("remove-watermark", "")
    for number, name in enumerate(("a.jpg", "a.png", "b.png", "sub/c.png")):
        dirty = pictures.lettered(pictures.coffee(160 + 8 * number, 120), "PROOF", 24)
        form = "JPEG" if name.endswith("jpg") else "PNG"
        deployment.put(f"{prefix}{name}.mask.png", pictures.encoded(dirty.mask))
        deployment.put(f"{prefix}{name}", pictures.encoded(dirty.photo, form), hold="true")
    return prefix


def runs(deployment: Deployment, batch: BatchDetail) -> dict[str, int]:
    found = deployment.client.batches.items(batch.batch_id)
    return {item.key: len(deployment.items(item.asset_id or "", "RUN#")) for item in found}


def test_every_picture_below_a_prefix_comes_to_one_outcome_by_one_run(deployment: Deployment, folder: str) -> None:
    batches = deployment.client.batches
    started = batches.start(prefix=folder, concurrency=2, name="autumn")
    seen: list[BatchDetail] = []
    ended = batches.wait(started.batch_id, seen.append, timeout=240)
    assert (ended.state, ended.reason) == (BatchState.DONE, None)
    assert ended.progress.outcomes == {"DELIVERED": 4}
    assert (ended.total, ended.progress.left, ended.progress.running) == (4, 0, 0)
    assert max(look.progress.running for look in seen) <= 2
    assert set(runs(deployment, ended).values()) == {1}
    assert started.batch_id in [batch.batch_id for batch in batches.all()]


def test_a_second_batch_with_the_same_order_starts_nothing_and_another_recipe_does(
    deployment: Deployment, folder: str
) -> None:
    batches = deployment.client.batches
    batches.wait(batches.start(prefix=folder).batch_id, timeout=240)
    same = batches.wait(batches.start(prefix=folder).batch_id, timeout=60)
    assert same.progress.outcomes == {"DELIVERED": 4}
    assert set(runs(deployment, same).values()) == {1}
    larger = batches.start(keys=[f"{folder}b.png"], job=Job(scale=2))
    assert batches.wait(larger.batch_id, timeout=120).progress.outcomes == {"DELIVERED": 1}
    assert runs(deployment, larger) == {f"{folder}b.png": 2}
    delivered = deployment.manifest(f"{folder}b.png")
    assert delivered is not None
    assert {file["name"] for file in delivered["renditions"]} >= {"x2"}


def test_a_batch_over_pictures_that_run_already_waits_for_those_runs(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(200, 150), "PROOF", 24)
    prefix = deployment.key("remove-watermark", "")
    deployment.put(f"{prefix}a.png.mask.png", pictures.encoded(dirty.mask))
    asset_id = deployment.put(f"{prefix}a.png", pictures.encoded(dirty.photo))
    batches = deployment.client.batches
    ended = batches.wait(batches.start(prefix=prefix).batch_id, timeout=120)
    assert ended.progress.outcomes == {"DELIVERED": 1}
    assert len(deployment.items(asset_id, "RUN#")) == 1


def test_a_batch_that_was_stopped_begins_nothing_and_goes_on_where_it_was(deployment: Deployment, folder: str) -> None:
    batches = deployment.client.batches
    started = batches.start(prefix=folder, concurrency=1)
    deadline = time.monotonic() + 120
    while not batches.show(started.batch_id).progress.outcomes:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    stopped = batches.stop(started.batch_id)
    assert stopped.state is BatchState.STOPPED
    time.sleep(5)
    taken = {item.key for item in batches.items(started.batch_id)}
    assert 0 < len(taken) < 4
    assert batches.resume(started.batch_id).attempt == 2
    ended = batches.wait(started.batch_id, timeout=240)
    assert (ended.state, ended.progress.outcomes) == (BatchState.DONE, {"DELIVERED": 4})
    assert set(runs(deployment, ended).values()) == {1}


def test_what_is_tried_first_waits_for_a_yes_and_is_not_done_again(deployment: Deployment, folder: str) -> None:
    batches = deployment.client.batches
    started = batches.start(prefix=folder, try_first=1)
    tried = batches.wait(started.batch_id, timeout=120)
    assert (tried.state, tried.total, tried.progress.outcomes) == (BatchState.TRIED, 4, {"DELIVERED": 1})
    (first,) = batches.items(started.batch_id)
    time.sleep(3)
    assert [item.key for item in batches.items(started.batch_id)] == [first.key]
    batches.resume(started.batch_id)
    ended = batches.wait(started.batch_id, timeout=240)
    assert (ended.state, ended.progress.outcomes) == (BatchState.DONE, {"DELIVERED": 4})
    assert set(runs(deployment, ended).values()) == {1}
    assert first.run_id in {item.run_id for item in batches.items(started.batch_id)}


def test_a_manifest_says_what_each_picture_is_for_and_bad_lines_hurt_no_other(
    deployment: Deployment, folder: str
) -> None:
    batches = deployment.client.batches
    manifest = f"{folder}list.csv"
    text = f"key,scale,tags\n{folder}a.png,2,order=7\n{folder}missing.png,,\n{folder}notes.txt,,\n"
    listed = deployment.put(manifest, text.encode())
    ended = batches.wait(batches.start(manifest=manifest).batch_id, timeout=120)
    assert ended.progress.outcomes == {"DELIVERED": 1, "QUARANTINED": 2}
    codes = {item.key.removeprefix(folder): item.code for item in batches.items(ended.batch_id)}
    assert codes == {"a.png": "delivered", "missing.png": "missing_input", "notes.txt": "not_a_photo"}
    (done,) = batches.items(ended.batch_id, status=Status.DELIVERED)
    asset = deployment.client.asset(done.asset_id or "")
    assert asset is not None
    assert (asset.tags, asset.batch) == ({"order": "7"}, ended.batch_id)
    assert deployment.client.asset(listed) is None


def test_a_prefix_without_pictures_fails_in_words(deployment: Deployment) -> None:
    batches = deployment.client.batches
    ended = batches.wait(batches.start(prefix="nothing/here/").batch_id, timeout=60)
    assert (ended.state, ended.reason) == (BatchState.FAILED, "There are no pictures to work on.")
