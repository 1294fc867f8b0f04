"""The state machine and the documents agree: on error names, on stages, on what travels from state to state."""

import json
from typing import Any

import pytest
from jsonata import Jsonata

from handlers.aws import endpoints
from handlers.submit import _CALLBACK_SECONDS, Order
from schemas.conclude import outcome_of
from schemas.entry import KEPT, starting_state
from schemas.errors import BY_NAME
from schemas.events import StateMachineError
from schemas.gate import Step
from schemas.pointers import Box, Point
from schemas.policy import Policy
from schemas.recipe import ModelStep, Recipe
from schemas.replay import replay_order
from schemas.routing import may_begin, route_of
from schemas.run import RunState, Trial
from schemas.stage import MODEL_STAGES, Stage
from tests import documents
from tests.documents import EDIT, ENLARGE, FIND, MARKS, MASK, PRINT, SCENE, WORDED

Definition = dict[str, Any]
EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)


def _tasks(definition: Definition) -> dict[str, Definition]:
    return {name: state for name, state in definition["States"].items() if state["Type"] == "Task"}


def _submits(definition: Definition) -> dict[str, Definition]:
    return {name: task for name, task in _tasks(definition).items() if task["Resource"].endswith("waitForTaskToken")}


def _evaluate(value: Any, states: dict[str, Any], **variables: Any) -> Any:
    """Evaluate JSONata in a field as Step Functions does: whole strings between ``{% %}``, at any depth."""
    if isinstance(value, dict):
        return {name: _evaluate(part, states, **variables) for name, part in value.items()}
    if not (isinstance(value, str) and value.startswith("{%")):
        return value
    expression = Jsonata(value.removeprefix("{%").removesuffix("%}").strip())
    for name, bound in {"states": states, **variables}.items():
        expression.assign(name, bound)
    return expression.evaluate(None)


def _wire(state: RunState) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(state.model_dump_json(exclude_none=True))
    return document


def test_every_task_is_bounded_retried_and_caught(definition: Definition) -> None:
    for name, task in _tasks(definition).items():
        assert task["TimeoutSeconds"] <= 900, name
        (retry,) = task["Retry"]
        assert {"TransientFailure", "States.Timeout", "Lambda.TooManyRequestsException"} <= set(retry["ErrorEquals"])
        assert (retry["JitterStrategy"], retry["BackoffRate"]) == ("FULL", 2.0)
        assert 2 <= retry["MaxAttempts"] <= 8
        (catch,) = task["Catch"]
        assert catch["ErrorEquals"] == ["States.ALL"]
        after = {"Finish": "Unrecorded", "Inpaint": "TriedBefore", "Refine": "TriedBefore", "Assess": "TriedBefore"}
        assert catch["Next"] == after.get(name, "Finish")


def test_only_what_may_work_next_time_is_tried_again(definition: Definition) -> None:
    for task in _tasks(definition).values():
        tried = {name for retry in task["Retry"] for name in retry["ErrorEquals"]}
        assert not tried & {"States.ALL", "States.TaskFailed"}, "these would try bad input again"
        assert {name for name in tried if name in BY_NAME} == {name for name, kind in BY_NAME.items() if kind.retryable}


def test_every_name_of_an_error_has_an_ending() -> None:
    endings = {name: outcome_of(StateMachineError(Error=name, Cause="")).status for name in BY_NAME}
    assert endings == {"BadInput": "QUARANTINED", "PermanentFailure": "FAILED", "TransientFailure": "FAILED"}


def test_every_stage_behind_an_endpoint_has_its_state(definition: Definition) -> None:
    asked = [Stage(task["Arguments"]["Payload"]["stage"]) for task in _submits(definition).values()]
    assert set(asked) == {*MODEL_STAGES, Stage.ASSESS_UPSCALED}
    assert len(asked) == len(set(asked))


def test_a_request_does_not_outlive_the_wait_for_it(definition: Definition) -> None:
    waits = {task["TimeoutSeconds"] for task in _submits(definition).values()}
    assert waits == {endpoints.PATIENCE_SECONDS}
    assert max(waits) * 2 < _CALLBACK_SECONDS


def test_the_whole_is_bounded_and_every_state_is_reached(definition: Definition) -> None:
    assert definition["TimeoutSeconds"] <= 4 * 3600
    reached, pending = set(), [definition["StartAt"]]
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        state = definition["States"][name]
        branches = [state, *state.get("Choices", []), *state.get("Catch", [])]
        pending += [branch[key] for branch in branches for key in ("Next", "Default") if key in branch]
    assert reached == set(definition["States"])


def test_nothing_waits_for_a_person(definition: Definition) -> None:
    assert not [name for name, state in definition["States"].items() if state["Type"] == "Wait"]
    assert definition["States"]["AwaitingReview"] == {
        "Comment": definition["States"]["AwaitingReview"]["Comment"],
        "Type": "Succeed",
    }


def _next(definition: Definition, choice: str, state: RunState, **variables: Any) -> str:
    asked = definition["States"][choice]
    for rule in asked["Choices"]:
        answer = _evaluate(rule["Condition"], {"input": _wire(state)}, **variables)
        assert isinstance(answer, bool), "Step Functions fails a Choice that is no boolean"
        if answer:
            return str(rule["Next"])
    return str(asked["Default"])


NOTHING_FOUND = (Stage.MASK, documents.summary(Stage.MASK, outputs={}))
PLAIN_SCENE = WORDED.model_copy(update={"preview": None})
UNSCORED = (Stage.PREVIEW, documents.summary(Stage.PREVIEW, signals=None))


def _agreeing(agreement: float) -> RunState:
    signals = documents.AGREES.model_copy(update={"prompt_agreement": agreement})
    return documents.state(documents.run(WORDED), (Stage.PREVIEW, documents.summary(Stage.PREVIEW, signals=signals)))


@pytest.mark.parametrize(
    ("choice", "state", "expected"),
    [
        ("HasWords", documents.state(documents.run(SCENE)), "Route"),
        ("HasWords", documents.state(documents.run(WORDED)), "ChangesAnything"),
        ("HasWords", documents.state(documents.run(EDIT)), "ChangesAnything"),
        ("HasWords", documents.state(documents.run(EDIT.model_copy(update={"preview": SCENE.preview}))), "Route"),
        ("ChangesAnything", documents.state(documents.run(WORDED)), "ChecksWords"),
        ("ChecksWords", documents.state(documents.run(WORDED)), "Preview"),
        ("ChecksWords", documents.state(documents.run(PLAIN_SCENE)), "MakesScene"),
        ("ChecksWords", documents.state(documents.run(EDIT), Stage.MASK), "MakesScene"),
        ("WordsUnderstood", _agreeing(0.5), "MakesScene"),
        ("WordsUnderstood", _agreeing(0.49), "Route"),
        ("WordsUnderstood", documents.state(documents.run(WORDED), UNSCORED), "Route"),
        ("MakesScene", documents.state(documents.run(WORDED), Stage.PREVIEW), "Generate"),
        ("MakesScene", documents.state(documents.run(EDIT), Stage.MASK), "Inpaint"),
        ("Enlarges", documents.state(documents.run(WORDED), Stage.GENERATE), "Route"),
        ("ChangesAnything", documents.state(documents.run(EDIT)), "HasWayToMask"),
        ("ChangesAnything", documents.state(documents.run(ENLARGE)), "EnlargesUntouched"),
        ("HasWayToMask", documents.state(documents.run(EDIT)), "Route"),
        ("HasWayToMask", documents.state(documents.run(EDIT, mask=MASK)), "Mask"),
        ("HasWayToMask", documents.state(documents.run(FIND)), "Mask"),
        ("HasWayToMask", documents.state(documents.run(EDIT, marks=MARKS)), "Mask"),
        ("HasWayToMask", documents.state(documents.run(EDIT, strokes=MASK)), "Mask"),
        ("HasWayToMask", documents.state(documents.run(EDIT, point=Point(x=0, y=0))), "Mask"),
        (
            "HasWayToMask",
            documents.state(documents.run(EDIT, box=Box(x=0, y=0, width=1, height=1))),
            "Mask",
        ),
        ("FoundAnything", documents.state(documents.run(FIND), Stage.MASK), "ChecksWords"),
        ("FoundAnything", documents.state(documents.run(FIND), NOTHING_FOUND), "EnlargesUntouched"),
        ("FoundAnything", documents.state(documents.run(FIND, until=Stage.MASK), Stage.MASK), "Route"),
        ("FoundAnything", documents.state(documents.run(FIND, until=Stage.MASK), NOTHING_FOUND), "Route"),
        ("FoundAnything", documents.state(documents.run(FIND, until=Stage.PREVIEW), Stage.MASK), "ChecksWords"),
        ("WordsUnderstood", documents.state(documents.run(WORDED, until=Stage.PREVIEW), Stage.PREVIEW), "Route"),
        ("Enlarges", documents.state(documents.run(EDIT), *EDITED), "Route"),
        ("Enlarges", documents.state(documents.run(PRINT), *EDITED), "Upscale"),
        ("EnlargesUntouched", documents.state(documents.run(FIND), NOTHING_FOUND), "Route"),
        ("EnlargesUntouched", documents.state(documents.run(ENLARGE)), "Upscale"),
    ],
)
def test_a_choice_takes_the_way_of_the_state(
    definition: Definition, choice: str, state: RunState, expected: str
) -> None:
    assert _next(definition, choice, state) == expected


@pytest.mark.parametrize(("step", "expected"), [("pass", "Enlarges"), ("try", "Inpaint"), ("ask", "Route")])
def test_the_judgement_at_native_size_chooses_the_way(definition: Definition, step: str, expected: str) -> None:
    assert {each.value for each in Step} == {"pass", "try", "ask"}
    state = documents.state(documents.run(PRINT), *EDITED, Stage.ASSESS)
    payload = {"step": step, "state": _wire(state)}
    variables = _evaluate(definition["States"]["Judge"]["Assign"], {"result": {"Payload": payload}})
    assert _evaluate(definition["States"]["Judge"]["Output"], {"result": {"Payload": payload}}) == _wire(state)
    assert _next(definition, "NativePassed", state, **variables) == expected


def _ways(definition: Definition, name: str) -> set[str]:
    state = definition["States"][name]
    branches = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {branch[key] for branch in branches for key in ("Next", "Default") if key in branch}


def _reached_without(definition: Definition, closed: set[str]) -> set[str]:
    """Name the states that are reached from an upload when some are closed."""
    reached, pending = set[str](), [way for way in _ways(definition, "Begins") if way != "Enlarges"]
    while pending:
        name = pending.pop()
        if name not in reached | closed:
            reached.add(name)
            pending += _ways(definition, name)
    return reached


def test_no_edit_is_enlarged_that_did_not_pass_the_gate(definition: Definition) -> None:
    reached: set[str] = set()
    pending = ["Inpaint"]
    while pending:
        name = pending.pop()
        if name in reached or name == "NativePassed":
            continue
        reached.add(name)
        pending += _ways(definition, name)
    assert "Judge" in reached
    assert not reached & {"Upscale", "Enlarges", "EnlargesUntouched"}
    passing = [rule for rule in definition["States"]["NativePassed"]["Choices"] if rule["Next"] == "Enlarges"]
    assert [rule["Condition"] for rule in passing] == ["{% $step = 'pass' %}"]


def test_a_picture_at_native_size_exists_before_anything_is_enlarged(definition: Definition) -> None:
    """Made by one of two stages, or the upload itself; a run that begins here keeps its parent's."""
    makes = {"Refine", "Generate", "EnlargesUntouched"}
    # Judge follows Assess, which follows Refine; `TriedBefore` leads back to it only with a trial that was refined.
    assert "Upscale" not in _reached_without(definition, makes | {"Judge"})
    assert {Stage.REFINE, Stage.GENERATE} <= set(KEPT[Stage.UPSCALE])


def test_the_best_trial_is_kept_when_a_later_one_fails(definition: Definition, captured: Any) -> None:
    state = documents.state(documents.run(FIND), Stage.MASK)
    failed = {"state": _wire(state), "error": captured("states-lambda-error")}
    asked = definition["States"]["TriedBefore"]["Choices"][0]["Condition"]
    assert _evaluate(asked, {"input": failed}) is False
    tried = state.model_copy(update={"trials": [Trial(model="by-hole")], "fill": ModelStep(model="fsr")})
    failed["state"] = _wire(tried)
    assert _evaluate(asked, {"input": failed}) is True
    states = {"input": failed, "errorOutput": captured("states-lambda-error")}
    caught = _evaluate(definition["States"]["Judge"]["Catch"][0]["Output"], states)
    assert RunState.model_validate(caught["state"]) == tried


@pytest.mark.parametrize(
    ("rights", "stated", "expected"),
    [("required", None, "Route"), ("required", "owned", "HasWords"), ("not-needed", None, "HasWords")],
)
def test_the_states_and_the_rules_agree_on_who_may_begin(
    definition: Definition, rights: Any, stated: Any, expected: str
) -> None:
    recipe = FIND.model_copy(update={"policy": Policy(rights=rights)})
    state = documents.state(documents.run(recipe, rights=stated))
    assert _next(definition, "MayBegin", state) == expected
    assert (may_begin(state) is not None) is (expected == "Route")


@pytest.mark.parametrize(("route", "expected"), [("review", "AwaitingReview"), ("auto", "Render")])
def test_the_decision_chooses_the_last_way(definition: Definition, route: str, expected: str) -> None:
    state = documents.state(documents.run(FIND), *EDITED)
    decided = {"input": _wire(state), "result": {"Payload": {"route": route, "rule": "x", "reason": "y"}}}
    variables = _evaluate(definition["States"]["Route"]["Assign"], decided)
    assert variables == {"route": route}
    assert _next(definition, "NeedsPerson", state, **variables) == expected


def test_inspection_joins_the_state(definition: Definition) -> None:
    run = documents.run(FIND)
    found = json.loads(documents.inspection().model_dump_json())
    states = {"input": _wire(RunState(run=run)), "result": {"Payload": found, "StatusCode": 200}}
    output = _evaluate(definition["States"]["Inspect"]["Output"], states)
    assert RunState.model_validate(output) == documents.state(run)


def test_each_answer_joins_the_results_and_changes_nothing_else(definition: Definition) -> None:
    run, done = documents.run(PRINT, mask=MASK), []
    for name, task in _submits(definition).items():
        stage = Stage(task["Arguments"]["Payload"]["stage"])
        answer = json.loads(documents.summary(stage).model_dump_json(exclude_none=True))
        states = {"input": _wire(documents.state(run, *done)), "result": answer}
        done.append(stage)
        assert RunState.model_validate(_evaluate(task["Output"], states)) == documents.state(run, *done), name


def test_submit_is_passed_an_order(definition: Definition) -> None:
    state = documents.state(documents.run(FIND))
    states = {"input": _wire(state), "context": {"Task": {"Token": "token"}}}
    for task in _submits(definition).values():
        order = Order.model_validate(_evaluate(task["Arguments"]["Payload"], states))
        assert (order.state, order.task_token) == (state, "token")


def test_the_other_functions_are_passed_the_state_alone(definition: Definition) -> None:
    states = {"input": _wire(documents.state(documents.run(FIND), *EDITED))}
    for name in ("Inspect", "Judge", "Route", "Render", "Deliver", "Finish"):
        payload = definition["States"][name]["Arguments"]["Payload"]
        assert _evaluate(payload, states) == states["input"]
    assert _evaluate(definition["States"]["Route"]["Output"], states) == states["input"]


def test_whatever_fails_finish_can_read_how_far_it_got(definition: Definition, captured: Any) -> None:
    state = documents.state(documents.run(FIND), *EDITED)
    for name, task in _tasks(definition).items():
        if name == "Finish":
            continue
        for event in ("states-lambda-error", "states-task-timeout"):
            states = {"input": _wire(state), "errorOutput": captured(event)}
            caught = _evaluate(task["Catch"][0]["Output"], states)
            assert RunState.model_validate(caught["state"]) == state
            assert StateMachineError.model_validate(caught["error"]).error == captured(event)["Error"]


@pytest.mark.parametrize("agreement", [0.0, 0.49, 0.5, 1.0])
def test_the_states_and_the_rules_agree_on_when_a_preview_stops_the_chain(
    definition: Definition, agreement: float
) -> None:
    state = _agreeing(agreement)
    stopped = _next(definition, "WordsUnderstood", state) == "Route"
    assert stopped is (route_of(state).rule == "prompt-agreement")


def _first_task(definition: Definition, state: RunState) -> str:
    """Follow choices from the beginning to the first thing that is done."""
    place = str(definition["StartAt"])
    while definition["States"][place]["Type"] == "Choice":
        place = _next(definition, place, state)
    return place


@pytest.mark.parametrize(
    ("recipe", "entry", "first"),
    [
        (FIND, Stage.INSPECT, "Inspect"),
        (FIND, Stage.MASK, "Mask"),
        (WORDED, Stage.PREVIEW, "Preview"),
        (WORDED, Stage.GENERATE, "Generate"),
        (FIND, Stage.INPAINT, "Inpaint"),
        (PRINT, Stage.UPSCALE, "Upscale"),
        (FIND, Stage.UPSCALE, "Route"),
        (PRINT, Stage.ROUTE, "Route"),
    ],
)
def test_a_run_that_follows_from_a_verdict_begins_with_the_stage_that_it_names(
    definition: Definition, recipe: Recipe, entry: Stage, first: str
) -> None:
    before = documents.state(documents.run(recipe), *KEPT[Stage.ROUTE])
    state = starting_state(documents.run(recipe, entry=entry, parent=before.run.run_id, attempt=2), before)
    assert _first_task(definition, state) == first


def test_there_is_a_way_for_every_stage_at_which_a_run_can_begin(definition: Definition) -> None:
    asked = " ".join(choice["Condition"] for choice in definition["States"]["Begins"]["Choices"])
    assert all(f"'{entry}'" in asked for entry in KEPT)


def test_what_was_rendered_joins_the_results_and_is_what_deliver_is_handed(definition: Definition) -> None:
    state = documents.state(documents.run(FIND), *EDITED)
    answer = json.loads(documents.summary(Stage.RENDER).model_dump_json(exclude_none=True))
    output = _evaluate(definition["States"]["Render"]["Output"], {"input": _wire(state), "result": {"Payload": answer}})
    assert RunState.model_validate(output) == documents.state(documents.run(FIND), *EDITED, Stage.RENDER)
    assert _next(definition, "Delivers", RunState.model_validate(output)) == "Deliver"


def test_nothing_is_delivered_that_was_not_rendered(definition: Definition) -> None:
    assert [name for name in definition["States"] if "Deliver" in _ways(definition, name)] == ["Delivers"]
    assert [name for name in definition["States"] if "Delivers" in _ways(definition, name)] == ["Render"]


@pytest.mark.parametrize(("route", "expected"), [("review", "Finish"), ("auto", "Render")])
def test_a_replay_is_rendered_and_neither_delivered_nor_shown_to_a_person(
    definition: Definition, route: str, expected: str
) -> None:
    state = documents.state(replay_order(documents.run(FIND)), *EDITED)
    assert _next(definition, "NeedsPerson", state, route=route) == expected
    assert _next(definition, "Delivers", state) == "Finish"
