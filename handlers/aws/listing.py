"""DynamoDB: assets in pages, the latest first, of one standing or of any, and of one recipe, tag or batch."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from handlers.aws import items
from handlers.aws.clients import client, translated
from handlers.aws.records import checked_or_none
from handlers.settings import settings
from schemas.asset import Status
from schemas.records import AssetRecord

_PAGE = 50
_MOST_READS = 5
"""Of DynamoDB's pages for one of ours: a filter that hardly anything passes must not read a whole table."""
_READ_AT_ONCE = 200


class Wanted(NamedTuple):
    """What is listed. ``recipe`` is a name, or a name and version; ``tag`` a name, or ``name:text``."""

    recipe: str | None = None
    tag: str | None = None
    batch: str | None = None

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return any(self)

    def fits(self, asset: AssetRecord) -> bool:
        """Whether an asset is one of them."""
        name, colon, text = (self.tag or "").partition(":")
        tagged = name in asset.tags and (not colon or asset.tags[name] == text)
        recipe = asset.recipe if "@" in (self.recipe or "") else asset.recipe.partition("@")[0]
        return self.recipe in (None, recipe) and (self.tag is None or tagged) and self.batch in (None, asset.batch)


class _Read(NamedTuple):
    """What was read of one standing, and after which place of the index there may be more."""

    found: list[items.Item]
    until: str | None


def page(statuses: Sequence[Status], wanted: Wanted, before: str | None) -> tuple[list[AssetRecord], str | None]:
    """List assets, the latest first, and where the next page begins; a page may hold fewer, or none, with more to come.

    A record that cannot be read is left out: one of them must not hide all others.
    """
    with ThreadPoolExecutor(len(statuses)) as at_once:
        reads = list(at_once.map(lambda status: _read(status, wanted, before), statuses))
    # Below the highest place up to which one of them was read, another standing's assets may be missing.
    cut = max((read.until for read in reads if read.until), default="")
    listed = sorted((item for read in reads for item in read.found), key=_place, reverse=True)
    listed = [item for item in listed if _place(item) >= cut]
    shown, rest = listed[:_PAGE], listed[_PAGE:]
    assets = [asset for item in shown if (asset := checked_or_none(item))]
    return assets, _place(shown[-1]) if rest else cut or None


def queued_before(asset: AssetRecord, most: int = 1000) -> int:
    """Count what was queued before an asset and waits still, up to a number."""
    values = {":status": items.to_wire(Status.QUEUED), ":mine": items.to_wire(items.index_place(asset))}
    with translated("counting what is queued"):
        counted = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression="index_pk = :status AND index_sk < :mine",
            ExpressionAttributeValues=values,
            Select="COUNT",
            Limit=most,
        )
    return int(counted["Count"])


def _place(item: items.Item) -> str:
    return str(item["index_sk"]["S"])


def _read(status: Status, wanted: Wanted, before: str | None) -> _Read:
    values: dict[str, Any] = {":status": items.to_wire(status)}
    condition = "index_pk = :status"
    filtering, names = _filter(wanted, values)
    found: list[items.Item] = []
    for _ in range(_MOST_READS):
        if before:
            condition = "index_pk = :status AND index_sk < :before"
            values[":before"] = items.to_wire(before)
        with translated("listing assets"):
            read = client("dynamodb").query(
                TableName=settings().table,
                IndexName="by-status",
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ScanIndexForward=False,
                Limit=_READ_AT_ONCE if wanted.filters else _PAGE,
                **filtering,
                **names,
            )
        found += read["Items"]
        last = read.get("LastEvaluatedKey")
        before = str(last["index_sk"]["S"]) if last else None
        if before is None or len(found) > _PAGE:
            break
        if not wanted.filters:
            break
    return _Read(found, before)


def _filter(wanted: Wanted, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    conditions, names = [], {}
    if wanted.recipe:
        exact = "@" in wanted.recipe
        conditions.append("recipe = :recipe" if exact else "begins_with(recipe, :recipe)")
        values[":recipe"] = items.to_wire(wanted.recipe if exact else f"{wanted.recipe}@")
    if wanted.tag:
        name, colon, text = wanted.tag.partition(":")
        names["#tag"] = name
        conditions.append("tags.#tag = :text" if colon else "attribute_exists(tags.#tag)")
        values |= {":text": items.to_wire(text)} if colon else {}
    if wanted.batch:
        names["#batch"] = "batch"  # a word of DynamoDB's own
        conditions.append("#batch = :batch")
        values[":batch"] = items.to_wire(wanted.batch)
    if not conditions:
        return {}, {}
    return {"FilterExpression": " AND ".join(conditions)}, {"ExpressionAttributeNames": names} if names else {}
