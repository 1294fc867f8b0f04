"""A new task token for every attempt.

AWS
    Each attempt of a ``waitForTaskToken`` task has its own token; an answer to an attempt that timed out is refused.
ministack
    Makes one token when the state is entered and uses it for all attempts, so that a late answer to the first attempt
    would end the second.
"""

import uuid
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    """Renew the token wherever a JSONata task's arguments are evaluated, which happens once per attempt."""
    evaluate = stepfunctions._apply_jsonata_arguments

    def with_new_token(state: dict[str, Any], raw_input: Any, context: dict[str, Any]) -> Any:
        if ".waitForTaskToken" in state.get("Resource", ""):
            context["Task"] = {"Token": str(uuid.uuid4())}
        return evaluate(state, raw_input, context)

    stepfunctions._apply_jsonata_arguments = with_new_token
