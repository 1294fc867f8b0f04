"""Batches of messages need the right to do with each what the batch does with all.

AWS
    Knows no right to ``SendMessageBatch``: a role needs ``sqs:SendMessage``, and so with the other two.
ministack
    Asks for a right of the operation's own name, which no policy on AWS grants.
"""

from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

_ONE_BY_ONE = {
    f"sqs:{name}Batch": f"sqs:{name}" for name in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
}


def apply() -> None:
    """Ask for the right that AWS asks for."""
    iam_actions.extract_iam_action = _as_one(iam_actions.extract_iam_action)


def _as_one(original: Callable[..., str | None]) -> Callable[..., str | None]:
    def action(*arguments: Any, **more: Any) -> str | None:
        found = original(*arguments, **more)
        return _ONE_BY_ONE.get(found or "", found)

    return action
