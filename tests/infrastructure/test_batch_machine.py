"""The state machine of batches and its functions agree; what it hands back stays small, however many pictures."""

import json
from typing import Any

from jsonata import Jsonata

from handlers.batch_item import ItemOrder
from handlers.batch_list import BatchRun
from schemas.batch import MOST_ITEMS, Listed
from schemas.errors import BY_NAME
from schemas.job import Job

Definition = dict[str, Any]
RUN = {"batch_id": "b-" + "0" * 24, "attempt": 2, "concurrency": 7}


def _evaluate(value: Any, **states: Any) -> Any:
    if isinstance(value, dict):
        return {name: _evaluate(part, **states) for name, part in value.items()}
    if not (isinstance(value, str) and value.startswith("{%")):
        return value
    expression = Jsonata(value.removeprefix("{%").removesuffix("%}").strip())
    expression.assign("states", states)
    return expression.evaluate(None)


def _picture(definition: Definition) -> Definition:
    item: Definition = definition["States"]["Pictures"]["ItemProcessor"]["States"]["Picture"]
    return item


def test_the_list_is_asked_for_and_read_where_it_lies(batch_definition: Definition) -> None:
    states = batch_definition["States"]
    assert BatchRun.model_validate(_evaluate(states["List"]["Arguments"]["Payload"], input=RUN)).attempt == 2
    listed = _evaluate(states["List"]["Output"], input=RUN, result={"Payload": {"bucket": "work", "key": "k"}})
    assert _evaluate(states["Pictures"]["ItemReader"]["Arguments"], input=listed) == {"Bucket": "work", "Key": "k"}
    assert _evaluate(states["Pictures"]["MaxConcurrency"], input=listed) == 7


def test_a_line_of_the_list_and_a_token_are_what_the_function_takes(batch_definition: Definition) -> None:
    line = Listed(batch_id=RUN["batch_id"], key="a/b.png", job=Job(scale=2)).model_dump_json(exclude_none=True)
    payload = _picture(batch_definition)["Arguments"]["Payload"]
    order = ItemOrder.model_validate(_evaluate(payload, input=json.loads(line), context={"Task": {"Token": "t"}}))
    assert (order.item.key, order.item.job.stated, order.task_token) == ("a/b.png", {"scale": 2}, "t")


def test_one_picture_that_fails_stops_no_other(batch_definition: Definition) -> None:
    pictures = batch_definition["States"]["Pictures"]
    assert pictures["ToleratedFailurePercentage"] == 100
    assert pictures["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


def test_what_comes_back_of_all_pictures_together_fits_a_state(batch_definition: Definition) -> None:
    output = _evaluate(_picture(batch_definition)["Output"], input={}, result={"large": "x"})
    assert len(json.dumps([output] * MOST_ITEMS)) < 256 * 1024


def test_a_wait_is_bounded_and_looks_again_for_as_long_as_a_run_may_take(
    batch_definition: Definition, definition: Definition
) -> None:
    task = _picture(batch_definition)
    (timeouts,) = [retry for retry in task["Retry"] if "States.Timeout" in retry["ErrorEquals"]]
    assert task["TimeoutSeconds"] * (timeouts["MaxAttempts"] + 1) > definition["TimeoutSeconds"]


def test_only_what_may_work_next_time_is_tried_again(batch_definition: Definition) -> None:
    states = batch_definition["States"]
    for task in (states["List"], states["Close"], _picture(batch_definition)):
        tried = {name for retry in task["Retry"] for name in retry["ErrorEquals"]}
        assert {name for name in tried if name in BY_NAME} == {name for name, kind in BY_NAME.items() if kind.retryable}
        assert not tried & {"States.ALL", "States.TaskFailed"}


def test_whatever_fails_the_batch_is_closed_with_it(batch_definition: Definition, captured: Any) -> None:
    for name in ("List", "Pictures"):
        (catch,) = batch_definition["States"][name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "Close")
        closed = _evaluate(catch["Output"], input=RUN, errorOutput=captured("states-lambda-error"))
        assert closed == {**RUN, "error": captured("states-lambda-error")}
