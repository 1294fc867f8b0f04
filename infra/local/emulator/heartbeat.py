"""``HeartbeatSeconds`` of a task that waits for its token.

AWS
    Fails the task with ``States.HeartbeatTimeout`` when no heartbeat came for that long.
ministack
    Records heartbeats and never looks at them.
"""

import contextvars
import threading
import time
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    """Watch every waiting token that has a heartbeat."""
    invoke_with_callback = stepfunctions._invoke_with_callback

    def invoke(resource: str, payload: Any, token: str, state: dict[str, Any]) -> Any:
        seconds = state.get("HeartbeatSeconds")
        if seconds:
            # ministack finds account and region in context variables, which a new thread does not inherit.
            watch = contextvars.copy_context().run
            threading.Thread(target=watch, args=(_watch, token, float(seconds)), daemon=True).start()
        return invoke_with_callback(resource, payload, token, state)

    stepfunctions._invoke_with_callback = invoke


def _watch(token: str, seconds: float) -> None:
    last_beat, last_time = None, time.monotonic()
    while True:
        time.sleep(min(seconds / 4, 1.0))
        waiting = stepfunctions._task_tokens.get(token)
        if waiting is None or waiting["event"].is_set():
            return
        if waiting["heartbeat"] != last_beat:
            last_beat, last_time = waiting["heartbeat"], time.monotonic()
        elif time.monotonic() - last_time > seconds:
            waiting["error"] = {"Error": "States.HeartbeatTimeout", "Cause": "No heartbeat came in time"}
            waiting["event"].set()
            return
