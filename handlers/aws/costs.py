"""DynamoDB: what runs cost, added up. Each run counts once: its marker is written in the same transaction."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.aws import items, table
from handlers.settings import settings
from schemas.ids import digest
from schemas.tally import Line

COSTS = "COSTS"
"""The partition of all lines. Roles name it: template.yaml."""
_SHARDS = 8
"""Places that a line is kept in: outcomes that come at once rarely wait for each other then."""


def add(run_id: str, lines: Sequence[Line], *, expires_at: int) -> bool:
    """Count what a run cost; ``False``, and no change, if it was counted before.

    Parameters
    ----------
    expires_at
        Until when it is remembered that it was, in seconds since 1970.
    """
    marker = {"pk": f"COSTED#{run_id}", "sk": "COSTED", "expires_at": expires_at}
    item = items.wired(marker)
    shard = int(digest("shard", run_id)[:8], 16) % _SHARDS
    return table.transact([table.put(item, new=True), *(_adding(line, shard) for line in lines)], "counting a cost")


def between(first: date, last: date) -> list[Line]:
    """Read the lines of some days, both included."""
    values = {":pk": COSTS, ":first": first.isoformat(), ":last": f"{last.isoformat()}#\uffff"}
    return table.query(Line, "pk = :pk AND sk BETWEEN :first AND :last", values, "reading costs")


def _adding(line: Line, shard: int) -> table.Write:
    named: dict[str, Any] = {"day": line.day.isoformat(), "recipe": line.recipe, "model": line.model}
    counted = {"runs": line.runs, "seconds": line.seconds, "dollars": line.dollars, "unpriced": line.unpriced}
    key = {"pk": COSTS, "sk": f"{line.day.isoformat()}#{line.recipe}#{line.model}#{shard}"}
    return {
        "Update": {
            "TableName": settings().table,
            "Key": items.wired(key),
            "UpdateExpression": (
                f"SET {', '.join(f'#{name} = :{name}' for name in named)} "
                f"ADD {', '.join(f'#{name} :{name}' for name in counted)}"
            ),
            "ExpressionAttributeNames": {f"#{name}": name for name in (*named, *counted)},
            "ExpressionAttributeValues": {
                f":{name}": items.to_wire(value) for name, value in (*named.items(), *counted.items())
            },
        }
    }
