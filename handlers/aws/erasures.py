"""DynamoDB: taking records away."""

from collections.abc import Sequence

from handlers.aws import table

_AT_ONCE = 90
"""Writes in one transaction; DynamoDB takes a hundred."""


def delete(keys: Sequence[dict[str, str]]) -> int:
    """Take records away, those that are there; return how many were named."""
    for start in range(0, len(keys), _AT_ONCE):
        table.transact([table.delete(key) for key in keys[start : start + _AT_ONCE]], "taking records away")
    return len(keys)
