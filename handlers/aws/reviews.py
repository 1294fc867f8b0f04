"""DynamoDB: people's work items. Two people never decide the same one: every write is conditional on who holds it."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.records import Deadline, ReviewRecord, now, timestamp
from schemas.review import LEASE_SECONDS, OVERDUE, Claim, Person, ReviewState
from schemas.run import RunState
from schemas.trail import TrailEntry

_HELD_BY_NOBODY_ELSE = (
    "#state IN (:open, :second) AND (attribute_not_exists(#claim) OR #claim.who = :me OR #claim.lease_ends < :now)"
)


def find(asset_id: str, run_id: str) -> ReviewRecord | None:
    """Read a work item as it is now."""
    found = table.get(items.review_key(asset_id, run_id))
    return table.checked(ReviewRecord, found) if found else None


def kept_state(asset_id: str, run_id: str) -> RunState | None:
    """Read how far a run came."""
    found = table.get(items.kept_state_key(asset_id, run_id))
    return RunState.model_validate_json(found["document"]) if found else None


def keeping(state: RunState) -> table.Write:
    """Write down how far a run came, so that another can begin there; for `table.transact`."""
    return table.put(items.kept_state_item(state))


def trail(asset_id: str, run_id: str | None = None) -> list[TrailEntry]:
    """Read what was done with a review, or with all reviews of an asset, in that order."""
    values = {":pk": f"ASSET#{asset_id}", ":prefix": items.trail_prefix(run_id) if run_id else items.TRAIL}
    found = table.query(TrailEntry, "pk = :pk AND begins_with(sk, :prefix)", values, "reading a trail")
    return sorted(found, key=lambda entry: entry.at)


def opening(review: ReviewRecord, state: RunState, deadline: Deadline | None, entry: TrailEntry) -> list[table.Write]:
    """Write down a new work item, for `table.transact`: with all that a verdict will need."""
    writes = [
        table.put(items.review_item(review)),
        keeping(state),
        table.put(items.trail_item(entry)),
    ]
    return writes + ([table.put(items.deadline_item(deadline))] if deadline else [])


def changing(
    review: ReviewRecord, person: Person, state: ReviewState, entry: TrailEntry, **changes: Any
) -> list[table.Write]:
    """Write down what a person made of a work item, for `table.transact`: only while nobody else holds it.

    A review that waits no longer leaves the index, and its deadline with it; the claim ends in any case.
    """
    gone = () if state.waits else ("index_pk", "index_sk")
    condition = f"({_HELD_BY_NOBODY_ELSE}) AND #state = :before"
    values = {**_held_by(person.who), ":before": review.state}
    update = table.update(
        items.review_key(review.asset_id, review.run_id),
        {"state": state, **changes},
        condition,
        values,
        ("claim", *gone),
    )
    writes = [update, table.put(items.trail_item(entry), new=True)]
    return writes if state.waits else [*writes, table.delete(items.deadline_key(review.asset_id, review.run_id))]


def closing(review: ReviewRecord, state: ReviewState, entry: TrailEntry) -> list[table.Write]:
    """Write down that no person is needed any more, whoever holds the work item; for `table.transact`."""
    key = items.review_key(review.asset_id, review.run_id)
    gone = ("claim", "index_pk", "index_sk")
    return [
        table.update(key, {"state": state}, "#state = :before", {":before": review.state}, gone),
        table.put(items.trail_item(entry)),
        table.delete(items.deadline_key(review.asset_id, review.run_id)),
    ]


def superseding(review: ReviewRecord, why: str | None) -> list[table.Write]:
    """Write down that something took the place of a work item's picture, for `table.transact`."""
    return closing(review, ReviewState.SUPERSEDED, TrailEntry.of(review, "superseded", now(), why=why))


def raising(review: ReviewRecord, entry: TrailEntry) -> list[table.Write]:
    """Write down that a work item is to be looked at before all others; for `table.transact`."""
    raised = review.model_copy(update={"rank": OVERDUE})
    changes = {"rank": OVERDUE, "state": review.state, **items.review_index(raised)}
    return [
        table.update(items.review_key(review.asset_id, review.run_id), changes, "#state = :new_state", {}),
        table.put(items.trail_item(entry)),
        table.delete(items.deadline_key(review.asset_id, review.run_id)),
    ]


def claim(review: ReviewRecord, person: Person, entry: TrailEntry | None) -> Claim | None:
    """Hold a work item for ten minutes, or for ten more; ``None`` if it does not wait, or somebody else holds it.

    Parameters
    ----------
    entry
        For the trail; none where a claim is only renewed.
    """
    held = Claim(who=person.who, name=person.name, lease_ends=int(time.time()) + LEASE_SECONDS)
    update = table.update(
        items.review_key(review.asset_id, review.run_id),
        {"claim": held.model_dump(), "state": review.state},
        f"({_HELD_BY_NOBODY_ELSE}) AND #state = :before",
        {**_held_by(person.who), ":before": review.state},
    )
    writes = [update, *([table.put(items.trail_item(entry))] if entry else [])]
    return held if table.transact(writes, "claiming a review") else None


def release(review: ReviewRecord, who: str, entry: TrailEntry) -> bool:
    """Give a work item back; ``False`` if this person does not hold it."""
    key = items.review_key(review.asset_id, review.run_id)
    update = table.update(
        key, {"state": review.state}, "#claim.who = :me AND #state = :new_state", {":me": who}, ("claim",)
    )
    return table.transact([update, table.put(items.trail_item(entry))], "releasing a review")


def note(entry: TrailEntry) -> None:
    """Add to a trail what changed nothing of the work item."""
    table.transact([table.put(items.trail_item(entry))], "noting a deed")


def due(moment: datetime, limit: int = 200) -> Iterator[Deadline]:
    """Give the deadlines that have passed, the oldest first."""
    values = {":pk": items.to_wire(items.DEADLINES), ":now": items.to_wire(timestamp(moment))}
    with translated("reading deadlines"):
        found = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression="index_pk = :pk AND index_sk < :now",
            ExpressionAttributeValues=values,
            Limit=limit,
        )
    for item in found["Items"]:
        yield table.checked(Deadline, items.from_item(item))


def postponing(deadline: Deadline, entry: TrailEntry) -> list[table.Write]:
    """Write down a later deadline and why, for `table.transact`."""
    return [table.put(items.deadline_item(deadline)), table.put(items.trail_item(entry))]


def drop(deadline: Deadline) -> None:
    """Forget the deadline of what waits no longer."""
    table.transact([table.delete(items.deadline_key(deadline.asset_id, deadline.run_id))], "dropping a deadline")


def _held_by(who: str) -> dict[str, Any]:
    now = int(time.time())
    return {":me": who, ":now": now, ":open": ReviewState.OPEN, ":second": ReviewState.NEEDS_SECOND}
