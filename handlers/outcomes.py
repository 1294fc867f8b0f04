"""Outcomes: whenever an asset comes to one, say so on the bus that is there for it.

The table's own stream tells what changed, so that no function that writes an outcome can forget to announce it, or be
cut off between the two. Told at least once: a batch that fails is told again, under the same ids.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import events, items, table
from handlers.observability import count, logger, metrics
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.outcome_event import OutcomeEvent
from schemas.records import AssetRecord

_STANDING = ("run_id", "status", "outcome", "withdrawal", "erasure")


def tell(changes: Iterable[Mapping[str, Any]]) -> int:
    """Tell the outcomes among some changes of the table; return how many there were.

    Raises
    ------
    TransientFailure
        If the bus did not take them all: then all are to be told again.
    """
    outcomes = [outcome for change in changes if (outcome := outcome_in(change))]
    events.tell_outcomes(outcomes)
    count("OutcomesTold", len(outcomes))
    return len(outcomes)


def outcome_in(change: Mapping[str, Any]) -> OutcomeEvent | None:
    """Find the outcome that an asset came to by a change; a record that cannot be read must not hold up the others."""
    after = items.from_item(change.get("NewImage", {}))
    before = items.from_item(change.get("OldImage", {}))
    if change["Keys"]["sk"]["S"] != "ASSET" or all(after.get(name) == before.get(name) for name in _STANDING):
        return None
    try:
        asset = table.checked(AssetRecord, after)
    except PermanentFailure:
        logger.error("an outcome cannot be told", extra={"asset_id": after.get("asset_id")})
        count("OutcomesNotTold")
        return None
    going = asset.is_being_withdrawn or asset.is_being_erased  # told once all is gone
    stands = asset.status.is_outcome and not going
    return OutcomeEvent.of(asset, settings().endpoint_prefix) if stands else None


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Handle a batch of the table's stream."""
    return {"outcomes": tell(record["dynamodb"] for record in event["Records"])}
