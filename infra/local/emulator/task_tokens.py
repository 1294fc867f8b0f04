"""A new task token for every attempt.

AWS
    Each attempt of a ``waitForTaskToken`` task has its own token; an answer to an attempt that timed out is refused.
ministack
    Makes one token when the state is entered and uses it for all attempts, so that a late answer to the first attempt
    would end the second.
"""

import base64
import binascii
import uuid
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    """Renew the token wherever a JSONata task's arguments are evaluated, which happens once per attempt."""
    evaluate = stepfunctions._apply_jsonata_arguments

    def with_new_token(state: dict[str, Any], raw_input: Any, context: dict[str, Any]) -> Any:
        if ".waitForTaskToken" in state.get("Resource", ""):
            context["Task"] = {"Token": new_token(context["StateMachine"]["Id"])}
        return evaluate(state, raw_input, context)

    stepfunctions._apply_jsonata_arguments = with_new_token


def new_token(state_machine_arn: str) -> str:
    """Make a token. As on AWS it is opaque to its holder, and tells the service what it belongs to."""
    return base64.urlsafe_b64encode(f"{uuid.uuid4()} {state_machine_arn}".encode()).decode()


def state_machine_of(token: str) -> str | None:
    """Return the ARN of the state machine that waits for a token, or None if ``new_token`` did not make it."""
    try:
        return base64.urlsafe_b64decode(token).decode().split(" ", 1)[1]
    except (binascii.Error, ValueError, IndexError):
        return None
