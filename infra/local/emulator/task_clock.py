"""When the ``TimeoutSeconds`` of a task that calls a function begins.

AWS
    The function begins at once, and the clock with it.
ministack
    Starts the clock when the task is scheduled. Here calls wait for a place (``concurrency``): in a flood of uploads
    they would time out before they began, be tried again, and be done twice.
"""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ministack.services import stepfunctions

_began: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("task_began", default=None)


def apply() -> None:
    """Start the clock of such a task with its function."""
    stepfunctions._invoke_resource_with_timeout = _within


def begin() -> None:
    """Say that the function of the task that this call belongs to begins now."""
    event = _began.get()
    if event:
        event.set()


def _within(resource: str, arguments: Any, seconds: float) -> Any:
    began, done = threading.Event(), Future[Any]()
    if "lambda" not in resource:
        began.set()
    mark = _began.set(began)
    try:
        work = contextvars.copy_context().run
    finally:
        _began.reset(mark)
    threading.Thread(target=work, args=(_settle, done, resource, arguments, began), daemon=True).start()
    began.wait()
    try:
        return done.result(timeout=seconds)
    except TimeoutError:
        if done.done():
            raise
        raise stepfunctions._ExecutionError("States.Timeout", f"Task timed out after {seconds} seconds") from None


def _settle(done: Future[Any], resource: str, arguments: Any, began: threading.Event) -> None:
    invoke: Callable[[str, Any], Any] = stepfunctions._invoke_resource
    try:
        done.set_result(invoke(resource, arguments))
    except BaseException as error:  # noqa: BLE001  told to whoever waits
        done.set_exception(error)
    finally:
        began.set()  # it ended before any function began
