"""A picture is done again as somebody wants it: a new attempt, never two at once, never of what was replaced."""

from typing import Any

import pytest

from handlers import finish
from handlers.again import merged
from handlers.aws import records, reviews
from handlers.deliver import deliver
from handlers.launch import look_at
from handlers.route import route
from schemas.asset import Status
from schemas.events import StateMachineError
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.policy import Policy, Route
from schemas.review import ReviewState
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload, asset_of, executions
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing


@pytest.fixture
def photo(upload: Upload) -> S3Pointer:
    return upload("remove-watermark/trip/photo.jpg", Metadata=Job(rights="owned", tags={"shop": "7"}).metadata)


def _delivered(photo: S3Pointer) -> Run:
    run = begin(photo, documents.FIND)
    deliver(at_delivery(run))
    return run


def _order(call: Call, run: Run | str, **body: Any) -> Run:
    asset_id = run if isinstance(run, str) else run.asset_id
    status, shown = call("POST", f"/assets/{asset_id}/runs", body=body)
    assert status == 202, shown
    record = records.find_run(asset_id, shown["run_id"])
    assert record is not None
    return record.run


def test_a_delivered_picture_is_done_again_by_another_recipe(call: Call, photo: S3Pointer) -> None:
    before = _delivered(photo)
    run = _order(call, before, recipe="enhance")
    assert (run.recipe.name, run.attempt, run.entry, run.source) == ("enhance", 2, Stage.INSPECT, photo)
    assert (standing(run).status, standing(run).run_id) == (Status.QUEUED, run.run_id)
    assert executions()[run.run_id] == "RUNNING"


def test_an_asset_shows_what_its_runs_came_to(call: Call, photo: S3Pointer) -> None:
    before = _delivered(photo)
    run = _order(call, before, recipe="enhance")
    _, shown = call("GET", f"/assets/{run.asset_id}")
    assert [(each["run_id"], each["attempt"], each.get("status")) for each in shown["runs"]] == [
        (before.run_id, 1, "DELIVERED"),
        (run.run_id, 2, None),
    ]


def test_without_a_body_the_pictures_own_job_is_done_again(call: Call, photo: S3Pointer) -> None:
    look_at(photo)
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    call("DELETE", f"/runs/{asset.run_id}")
    run = _order(call, asset.asset_id)
    assert (run.recipe.name, run.rights, run.attempt) == ("remove-watermark", "owned", 2)


def test_what_waits_for_its_pictures_hears_of_the_new_run_too(call: Call, upload: Upload) -> None:
    photo = upload("enhance/a.jpg", Metadata=Job(tags={"shop": "7"}, callback="https://8.8.8.8/hook").metadata)
    before = _delivered(photo)
    run = _order(call, before, scale=4)
    assert (run.tags, run.callback) == ({"shop": "7"}, "https://8.8.8.8/hook")


@pytest.mark.parametrize("state", [Status.QUEUED, Status.RUNNING])
def test_while_a_run_works_on_it_there_is_no_second_one(call: Call, photo: S3Pointer, state: Status) -> None:
    run = begin(photo)
    if state is Status.RUNNING:
        records.enter_stage(run.asset_id, run.run_id, Stage.MASK)
    refused(call("POST", f"/assets/{run.asset_id}/runs", body={}), 409, "under_way")
    assert list(executions()) == [run.run_id]


def test_what_a_newer_upload_replaced_is_not_done_again(call: Call, photo: S3Pointer, upload: Upload) -> None:
    run = _delivered(photo)
    upload(photo.key, b"another")
    refused(call("POST", f"/assets/{run.asset_id}/runs", body={}), 409, "superseded")


def test_a_review_that_waits_is_closed_by_the_new_run(call: Call, photo: S3Pointer) -> None:
    run = begin(photo, documents.EDIT.model_copy(update={"policy": Policy(review="always")}))
    route(at_delivery(run))
    assert standing(run).status is Status.AWAITING_REVIEW
    _order(call, run, recipe="enhance")
    review = reviews.find(run.asset_id, run.run_id)
    assert review is not None
    assert review.state is ReviewState.SUPERSEDED


def test_a_held_picture_is_started_by_an_order(call: Call, upload: Upload) -> None:
    photo = upload("enhance/a.jpg", Metadata={"hold": "true"})
    look_at(photo)
    run = _order(call, asset_of(photo))
    assert (run.recipe.name, run.attempt) == ("enhance", 1)
    look_at(photo)
    assert list(executions()) == [run.run_id]


def test_what_could_not_be_read_is_started_once_somebody_says_what_is_wanted(call: Call, upload: Upload) -> None:
    photo = upload("a.jpg", Metadata={"scale": "9"})
    look_at(photo)
    run = _order(call, asset_of(photo), recipe="enhance")
    look_at(photo)
    assert list(executions()) == [run.run_id]


def test_a_copy_of_an_old_event_does_not_undo_an_order(call: Call, photo: S3Pointer, upload: Upload) -> None:
    """The order names another mask than the one beside the photo; only what arrives later counts."""
    upload("remove-watermark/trip/photo.mask.png")
    other = upload("masks/other.png")
    look_at(photo)
    asset_id = asset_of(photo)
    first = standing_of(asset_id)
    call("DELETE", f"/runs/{first}")
    run = _order(call, asset_id, mask="masks/other.png")
    assert run.mask == other
    look_at(photo)
    assert standing_of(asset_id) == run.run_id
    upload("remove-watermark/trip/photo.mask.png", b"newer")
    look_at(photo)
    assert standing_of(asset_id) != run.run_id


def standing_of(asset_id: str) -> str:
    asset = records.find_asset(asset_id)
    assert asset is not None
    return asset.run_id


def test_a_run_begins_where_the_last_one_got(call: Call, photo: S3Pointer) -> None:
    before = _delivered(photo)
    run = _order(call, before, recipe="remove-watermark", entry="inpaint")
    assert (run.entry, run.parent, run.attempt) == (Stage.INPAINT, before.run_id, 2)
    outcome = deliver(at_delivery(run))  # as any first run: nobody gave a verdict that it would have to answer
    assert (outcome.status, route(at_delivery(run)).route) == (Status.DELIVERED, Route.AUTO)


def test_a_run_begins_where_one_failed(call: Call, photo: S3Pointer) -> None:
    before = begin(photo, documents.FIND)
    state = at_delivery(before, Stage.MASK)
    finish.finish(state, StateMachineError.model_validate({"Error": "PermanentFailure", "Cause": "{}"}))
    assert standing(before).status is Status.FAILED
    assert _order(call, before, recipe="remove-watermark", entry="inpaint").parent == before.run_id


@pytest.mark.parametrize(
    ("entry", "recipe"),
    [("inpaint", "enhance"), ("generate", "remove-watermark"), ("deliver", "enhance"), ("refine", "remove-watermark")],
)
def test_a_run_begins_at_no_stage_that_its_recipe_lacks_or_that_nothing_leads_to(
    call: Call, photo: S3Pointer, entry: str, recipe: str
) -> None:
    run = _delivered(photo)
    body = {"entry": entry, "recipe": recipe}
    refused(call("POST", f"/assets/{run.asset_id}/runs", body=body), 400, "bad_entry")


def test_after_a_cancelled_run_nothing_is_left_to_begin_with(call: Call, photo: S3Pointer) -> None:
    run = begin(photo)
    call("DELETE", f"/runs/{run.run_id}")
    refused(call("POST", f"/assets/{run.asset_id}/runs", body={"entry": "upscale"}), 400, "bad_entry")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"recipe": "no-such"}, "unknown_recipe"),
        ({"mask": "nowhere.png"}, "mask_missing"),
        ({"recipe": "enhance", "prompt": "a tree"}, "prompt_not_used"),
        ({"entry": "lunch"}, "bad_request"),
        ({"colour": "red"}, "bad_request"),
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(
    call: Call, photo: S3Pointer, body: dict[str, Any], code: str
) -> None:
    run = _delivered(photo)
    refused(call("POST", f"/assets/{run.asset_id}/runs", body=body), 400, code)
    assert standing(run).status is Status.DELIVERED


def test_asked_twice_under_one_key_there_is_one_run(call: Call, photo: S3Pointer) -> None:
    run = _delivered(photo)
    ask = {"body": {"recipe": "enhance"}, "headers": {"idempotency-key": "one"}}
    first = call("POST", f"/assets/{run.asset_id}/runs", **ask)
    assert call("POST", f"/assets/{run.asset_id}/runs", **ask) == first
    assert len(executions()) == 2


def test_words_and_sizes_belong_to_the_recipe_that_they_were_said_to() -> None:
    own = Job(recipe="scene", prompt="a tree", scale=2, rights="owned", tags={"a": "b"}, batch="b-" + "0" * 24)
    other = merged(own, Job(recipe="enhance"))
    assert other.stated == {"recipe": "enhance", "rights": "owned", "tags": {"a": "b"}}
    same = merged(own, Job(scale=4))
    assert (same.prompt, same.scale, same.batch) == ("a tree", 4, None)
