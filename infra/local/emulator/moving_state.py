"""State that is saved while it changes.

AWS
    Loses nothing that it has acknowledged.
ministack
    Copies a service's state before it saves it. Where a record comes or goes meanwhile, the copy fails (``dictionary
    changed size during iteration``), and nothing of that service is saved: in a flood of uploads, for minutes.

So a dictionary is copied from a list of what it holds at one moment, which the interpreter makes in one piece.
"""

import copy
from collections import defaultdict
from typing import Any


def apply() -> None:
    """Replace the copying of dictionaries in this process."""
    copy._deepcopy_dispatch |= {dict: copied, defaultdict: copied}  # type: ignore[attr-defined]


def copied(original: dict[Any, Any], memo: dict[int, Any]) -> dict[Any, Any]:
    """Copy a dictionary that others may change meanwhile, as ``copy.deepcopy`` does."""
    made: dict[Any, Any] = defaultdict(original.default_factory) if isinstance(original, defaultdict) else {}
    memo[id(original)] = made
    for key, value in list(original.items()):
        made[copy.deepcopy(key, memo)] = copy.deepcopy(value, memo)
    return made
