"""DynamoDB: where runs are found by what did them. Small items beside the records, in the index that there is.

They lie in their asset's partition and go with it. Writing them is conditional on the asset as it was read, so that
what is found never stands behind what is written down.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.aws.dossier import Dossier
from handlers.settings import settings
from schemas.asset import Status
from schemas.found_by import Fact, FoundRun, by_day
from schemas.records import timestamp

_PAGE = 50
_MOST_READS = 10
"""Of DynamoDB's pages for one of ours: a filter that hardly anything passes must not read a whole index."""
_MOST_WRITES = 90
"""In one transaction; DynamoDB takes a hundred."""
_FIRST, _LAST = "!", "~"
"""What comes before and after every moment and every version; DynamoDB takes no empty key."""

Found = dict[tuple[str, Fact], FoundRun]
"""What is said of a run where it is found by a fact: by the run's name and the fact."""


class Asked(NamedTuple):
    """What is looked for beside a fact. ``part`` is a model's."""

    first: date | None = None
    last: date | None = None
    status: Status | None = None
    part: str | None = None


def put(known: Dossier, found: Found) -> bool:
    """Write down where runs of an asset are found; ``False`` if the asset changed since it was read.

    What lies there already is not written again. Of an asset that stands by no run, as one that is being erased,
    nothing is: its records are going.
    """
    if known.asset is None or not known.asset.run_id:
        return True
    there = places_of(known.asset.asset_id)
    new = [item for item in (place(run, fact) for (_, fact), run in found.items()) if item != there.get(_sort(item))]
    seen = {":seen": items.to_wire(timestamp(known.asset.updated_at))}
    check = table.check(items.asset_key(known.asset.asset_id), "updated_at = :seen", seen)
    parts = [new[start : start + _MOST_WRITES] for start in range(0, len(new), _MOST_WRITES)]
    return all(table.transact([check, *map(table.put, part)], "recording where a run is found") for part in parts)


def find(fact: Fact, asked: Asked, before: str | None) -> tuple[list[FoundRun], str | None]:
    """List the runs that have a fact in common, the latest first, and where the next page begins.

    A page may hold fewer, or none, with more to come. Under a name that has several versions the latest version comes
    first.
    """
    low, high = _bounds(fact, asked)
    filters = _filters(fact, asked)
    rows: list[items.Item] = []
    for _ in range(_MOST_READS):
        upto = min(high, before) if before else high
        if upto < low:  # a cursor that somebody made up; DynamoDB refuses places in the wrong order
            return [], None
        page = _read(fact, low, upto, filters)
        rows += [row for row in page.rows if row["index_sk"]["S"] != before]
        before = page.until
        if before is None or len(rows) >= _PAGE:
            break
    shown, more = rows[:_PAGE], rows[_PAGE:]
    cursor = str(shown[-1]["index_sk"]["S"]) if more else before
    return [table.checked(FoundRun, items.from_item(row)) for row in shown], cursor


def find_by_day(asked: Asked, before: str | None) -> tuple[list[FoundRun], str | None]:
    """List the runs that ended on some days, the latest first, and where the next page begins.

    Raises
    ------
    ValueError
        If ``asked`` names no days.
    """
    if asked.first is None or asked.last is None:
        raise ValueError("days are needed")
    wanted = asked._replace(first=None, last=None)
    latest = min(asked.last, date.fromisoformat(before[1:11])) if before else asked.last
    found: list[FoundRun] = []
    for day in _back(latest, asked.first):
        runs, more = find(by_day(day.isoformat()), wanted, before)
        found += runs
        if more or len(found) >= _PAGE:
            return found, more or _index_place(found[-1], by_day(day.isoformat()))
        before = None
    return found, None


class _Page(NamedTuple):
    rows: list[items.Item]
    until: str | None


def _read(fact: Fact, low: str, high: str, filters: Mapping[str, Any]) -> _Page:
    values = {":pk": items.to_wire(fact.partition), ":low": items.to_wire(low), ":high": items.to_wire(high)}
    more = {**filters, "ExpressionAttributeValues": {**values, **filters.get("ExpressionAttributeValues", {})}}
    with translated("finding runs"):
        page = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression="index_pk = :pk AND index_sk BETWEEN :low AND :high",
            ScanIndexForward=False,
            Limit=2 * _PAGE if "FilterExpression" in filters else _PAGE + 1,
            **more,
        )
    last = page.get("LastEvaluatedKey")
    return _Page(page["Items"], str(last["index_sk"]["S"]) if last else None)


def _bounds(fact: Fact, asked: Asked) -> tuple[str, str]:
    """Places between which all lies that is looked for; days decide them only within one version."""
    if fact.kind in {"MODEL", "RECIPE"} and not fact.version:
        return _FIRST, _LAST
    low = asked.first.isoformat() if asked.first else ""
    high = f"{asked.last.isoformat()}{_LAST}" if asked.last else _LAST
    return f"{fact.version}#{low}", f"{fact.version}#{high}"


def _filters(fact: Fact, asked: Asked) -> dict[str, Any]:
    conditions, names, values = [], {}, {}
    if asked.status:
        conditions.append("#status = :status")
        names["#status"], values[":status"] = "status", items.to_wire(asked.status)
    if asked.part:
        conditions.append("#model.#part = :part")
        names |= {"#model": "model", "#part": "part"}
        values[":part"] = items.to_wire(asked.part)
    if not fact.version and (asked.first or asked.last):
        conditions.append("#at BETWEEN :first AND :last")
        names["#at"] = "at"
        values[":first"] = items.to_wire(asked.first.isoformat() if asked.first else "")
        values[":last"] = items.to_wire(f"{asked.last.isoformat()}{_LAST}" if asked.last else _LAST)
    if not conditions:
        return {}
    expression = " AND ".join(conditions)
    return {
        "FilterExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def place(run: FoundRun, fact: Fact) -> items.Item:
    """A run where it is found by a fact."""
    sort = f"{items.FOUND}{run.run_id}#{fact.kind}#{fact.value}#{fact.version}"
    index = {"index_pk": fact.partition, "index_sk": _index_place(run, fact)}
    return items.to_item(run, {"pk": f"ASSET#{run.asset_id}", "sk": sort, **index})


def _index_place(run: FoundRun, fact: Fact) -> str:
    return f"{fact.version}#{timestamp(run.at)}#{run.run_id}"


def places_of(asset_id: str) -> dict[str, items.Item]:
    """Read where all runs of an asset are found, by sort key."""
    pages = client("dynamodb").get_paginator("query")
    values = {":pk": items.to_wire(f"ASSET#{asset_id}"), ":prefix": items.to_wire(items.FOUND)}
    with translated("reading where runs are found"):
        found = pages.paginate(
            TableName=settings().table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        return {_sort(item): item for page in found for item in page["Items"]}


def _sort(item: items.Item) -> str:
    return str(item["sk"]["S"])


def _back(last: date, first: date) -> Iterator[date]:
    day = last
    while day >= first:
        yield day
        day -= timedelta(days=1)
