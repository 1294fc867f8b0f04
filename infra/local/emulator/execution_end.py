"""An execution ends once, and no later than its ``TimeoutSeconds``.

AWS
    The state machine's top-level ``TimeoutSeconds`` ends an execution as ``TIMED_OUT`` with ``States.Timeout``. An
    execution that has ended stays as it ended.
ministack
    Ignores the top-level field. An execution that was stopped while a task was waiting turns from ``ABORTED`` into
    ``FAILED`` when that task fails, and says so in a second status event.
"""

import contextvars
import json
import threading
from typing import Any

from ministack.services import stepfunctions

Execution = dict[str, Any]


def apply() -> None:
    """Start a timer with every execution, and let the first ending stand."""
    run, fail = stepfunctions._run_execution, stepfunctions._fail_execution

    def run_with_timeout(execution_arn: str) -> None:
        execution = stepfunctions._executions.get(execution_arn)
        seconds = _timeout_of(execution)
        if seconds is None:
            run(execution_arn)
            return
        expire = contextvars.copy_context().run
        timer = threading.Timer(seconds, expire, args=(_expire, execution))
        timer.daemon = True
        timer.start()
        try:
            run(execution_arn)
        finally:
            timer.cancel()

    def fail_once(execution: Execution, error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            fail(execution, error, cause)

    stepfunctions._run_execution = run_with_timeout
    stepfunctions._fail_execution = fail_once


def _timeout_of(execution: Execution | None) -> float | None:
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
    return json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None


def _expire(execution: Execution) -> None:
    if execution["status"] != "RUNNING":
        return
    execution |= {"status": "TIMED_OUT", "error": "States.Timeout", "stopDate": stepfunctions.now_iso()}
    details = {"executionTimedOutEventDetails": {"error": "States.Timeout"}}
    stepfunctions._add_event(execution, "ExecutionTimedOut", details)
    stepfunctions._emit_execution_status_event(execution)
