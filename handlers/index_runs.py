"""Index: whenever an asset comes to an outcome, or a person gives a verdict, write down by what its runs are found.

The table's own stream tells what changed, so that no stage waits for it and none can forget it. All is read anew each
time, so that it does not matter how often and in which order changes are told.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from handlers.aws import dossier, found_runs, records
from handlers.aws.dossier import Dossier
from handlers.lineage import runs_behind, stages_behind
from handlers.observability import count, logger, metrics
from handlers.tracing import traced_stages
from schemas.asset import Status
from schemas.errors import PermanentFailure, TransientFailure
from schemas.found_by import FoundRun, facts, models_of
from schemas.pointers import Document
from schemas.records import RunRecord
from schemas.review import Person

_TRIES = 3
VERDICTS = frozenset(("approved", "approved-first", "rejected", "redone"))
"""Deeds by which a run is found; those that only look, or that the clock did, are none of them."""


class Backfill(Document):
    """An order to index what ended before there was an index: the assets in a status, page by page."""

    backfill: Status
    before: str | None = Field(default=None, max_length=100, description="where the page begins, as the last one said")


def index(asset_id: str) -> bool:
    """Write down by what the runs of an asset are found; ``False`` if its records cannot be read.

    Raises
    ------
    TransientFailure
        ``record_conflict`` if it kept changing meanwhile: to be told again.
    """
    for _ in range(_TRIES):
        try:
            known = dossier.read(asset_id)
        except PermanentFailure as error:
            if error.code != "bad_record":
                raise
            logger.error("runs cannot be indexed", extra={"asset_id": asset_id})
            count("AssetsNotIndexed")
            return False
        if known.asset is not None and known.asset.status is Status.ERASED:
            return True
        found = {(r.run.run_id, fact): said for r in known.runs for fact, said in found_by(known, r).items()}
        if found_runs.put(known, found):
            return True
    raise TransientFailure("The asset changed while its runs were being indexed.", code="record_conflict")


def found_by(known: Dossier, record: RunRecord) -> dict[Any, FoundRun]:
    """Say by what a run is found. One that is under way, or was only tried out, is found by nothing."""
    run, outcome = record.run, record.outcome
    if outcome is None or record.ended_at is None or run.trial:
        return {}
    current = known.asset is not None and known.asset.run_id == run.run_id
    found = FoundRun(
        asset_id=run.asset_id,
        run_id=run.run_id,
        key=run.source.key,
        recipe=run.recipe.reference,
        recipe_sha256=record.recipe_sha256,
        at=record.ended_at,
        status=known.asset.status if known.asset and current else outcome.status,
        current=current,
        delivered=[rendition.key for rendition in outcome.renditions],
    )
    stages = traced_stages(known, record, stages_behind(known, run.run_id))
    return facts(found, models_of(stages), _reviewers(known, run.run_id))


def _reviewers(known: Dossier, run_id: str) -> list[Person]:
    """Who gave a verdict on a run, or on those that it follows from."""
    runs = runs_behind(known, run_id)
    people = {deed.by.who: deed.by for deed in known.trail if deed.run_id in runs and deed.what in VERDICTS}
    return list(people.values())


def changed(changes: Iterable[Mapping[str, Any]]) -> int:
    """Index each asset once of which some changes tell; return how many there were."""
    keys = [change["Keys"]["pk"]["S"] for change in changes if "NewImage" in change]
    assets = dict.fromkeys(key.removeprefix("ASSET#") for key in keys if key.startswith("ASSET#"))
    return sum(index(asset_id) for asset_id in assets)


def backfill(order: Backfill) -> dict[str, Any]:
    """Index one page of the assets in a status; return how many, and where the next page begins."""
    assets, before = records.with_status(order.backfill, before=order.before)
    return {"indexed": sum(index(asset.asset_id) for asset in assets), "before": before}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a batch of the table's stream, or an order to index what is older."""
    if "backfill" in event:
        return backfill(Backfill.model_validate(event))
    return {"indexed": changed(record["dynamodb"] for record in event["Records"])}
