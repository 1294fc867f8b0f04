"""A distributed map in JSONata, and one that was stopped.

AWS
    Evaluates JSONata in a distributed map's ``ItemReader``, ``MaxConcurrency``, ``Output`` and ``Assign``. Stopping the
    execution stops its map run: what had not begun never begins.
ministack
    Reads those fields as JSONPath, so that an expression is taken for a bucket's name. Goes on with the items of an
    execution that was stopped, to the last one. (A task that waits for its token when its execution is stopped is still
    left waiting here, in vain and no longer than its ``TimeoutSeconds``.)
"""

from typing import Any

from ministack.services import stepfunctions

State = dict[str, Any]
_EVALUATED = ("ItemReader", "MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount")


def apply() -> None:
    """Evaluate before the map begins and after it ended, and ask before every item whether it still goes on."""
    run_map, run_item = stepfunctions._run_distributed_map, stepfunctions._run_sub_machine

    def run(state: State, raw_input: Any, effective: Any, iterator: State, execution: State, ctx: State) -> Any:
        if stepfunctions._state_query_language(state, ctx) != "JSONata":
            return run_map(state, raw_input, effective, iterator, execution, ctx)
        given = {name: state[name] for name in _EVALUATED if name in state}
        known = {**state, **stepfunctions._apply_jsonata_template(given, raw_input, ctx)}
        result, following = run_map(known, raw_input, effective, iterator, execution, ctx)
        output = stepfunctions._apply_jsonata_output(state, raw_input, ctx, result=result, default=result)
        stepfunctions._apply_state_assign(state, raw_input, ctx, result=result)
        return output, following

    def run_unless_stopped(states: State, start_at: str, item: Any, execution: State, ctx: State) -> Any:
        whole = stepfunctions._map_runs.get(execution.get("mapRunArn"))
        if whole and stepfunctions._executions[whole["executionArn"]]["status"] != "RUNNING":
            raise stepfunctions._ExecutionError("States.TaskFailed", "The execution was stopped")
        return run_item(states, start_at, item, execution, ctx)

    stepfunctions._run_distributed_map = run
    stepfunctions._run_sub_machine = run_unless_stopped
