"""A function that fails before it can pass its task token on.

AWS
    If the function of a ``lambda:invoke.waitForTaskToken`` task raises, the task fails at once with that error, and
    ``Retry`` and ``Catch`` see its name.
ministack
    Swallows the error and waits for an answer until ``TimeoutSeconds``.
"""

from contextvars import ContextVar
from typing import Any

from ministack.services import stepfunctions

_waiting_token: ContextVar[str | None] = ContextVar("waiting_token", default=None)


def apply() -> None:
    """Answer the token with the function's error."""
    invoke_with_callback, call_lambda = stepfunctions._invoke_with_callback, stepfunctions._call_lambda

    def invoke(resource: str, payload: Any, token: str, state: dict[str, Any]) -> Any:
        mark = _waiting_token.set(token)
        try:
            return invoke_with_callback(resource, payload, token, state)
        finally:
            _waiting_token.reset(mark)

    def call(function: str, event: Any) -> Any:
        try:
            return call_lambda(function, event)
        except stepfunctions._ExecutionError as failed:
            _answer(_waiting_token.get(), {"Error": failed.error, "Cause": failed.cause})
            raise

    stepfunctions._invoke_with_callback = invoke
    stepfunctions._call_lambda = call


def _answer(token: str | None, error: dict[str, str]) -> None:
    waiting = stepfunctions._task_tokens.get(token) if token else None
    if waiting:
        waiting["error"] = error
        waiting["event"].set()
