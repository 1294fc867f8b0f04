"""Ordering batches, stopping them, going on with them, and saying how they stand."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from handlers import recipes
from handlers.api.errors import Conflict
from handlers.aws import batch_lists, batch_runs
from handlers.aws import batches as stored
from schemas.batch import BatchItem, BatchOrder, BatchRecord, BatchState, Progress
from schemas.errors import TransientFailure
from schemas.records import now
from schemas.review import Person

_LOST = "It could not be written down; ask again."


def order(asked: BatchOrder, batch_id: str, by: Person) -> BatchRecord:
    """Write a batch down and start it. The same name again is the same batch, and starts nothing.

    Raises
    ------
    BadInput
        ``unknown_recipe`` and what else no picture's job could be.
    """
    if asked.job.recipe:
        recipes.resolve(asked.job.recipe)
    moment = now()
    batch = BatchRecord(
        batch_id=batch_id,
        name=asked.name,
        prefix=asked.prefix,
        manifest=asked.manifest,
        job=asked.job,
        concurrency=asked.concurrency,
        by=by,
        try_=asked.try_,
        created_at=moment,
        started_at=moment,
    )
    if asked.keys is not None and stored.find(batch_id) is None:
        batch_lists.ask_for(batch_id, asked.keys)
    stored.begin(batch)
    return _started(batch_id)


def stop(batch: BatchRecord) -> BatchRecord:
    """Begin nothing more of a batch. What is under way comes to its end, and its outcome is noted.

    Raises
    ------
    Conflict
        ``over`` if it neither runs nor was tried.
    """
    stored.stop(batch)
    after = _found(batch.batch_id)
    if after.state is not BatchState.STOPPED:
        raise Conflict("This batch is over.", code="over")
    batch_runs.stop(after)
    return after


def resume(batch: BatchRecord) -> BatchRecord:
    """Go on with a batch: what has no outcome, failed or was cancelled is done; nothing else is touched.

    Where a few pictures are tried first and not all of those have an outcome, it goes on with them; else with the rest.

    Raises
    ------
    Conflict
        ``under_way`` while it runs; ``over`` where there is nothing to do.
    """
    if batch.state is BatchState.RUNNING:
        raise Conflict("This batch runs.", code="under_way")
    found = stored.items_of(batch.batch_id)
    settled = sum(not item.needs_work(batch.attempt + 1) for item in found)
    if batch.total is not None and settled >= batch.total:
        raise Conflict("Every picture of this batch has its outcome.", code="over")
    stored.resume(
        batch, with_rest=batch.aim is not None and sum(item.status is not None for item in found) >= batch.aim
    )
    return _started(batch.batch_id)


def progress(batch: BatchRecord, found: Sequence[BatchItem], moment: datetime) -> Progress:
    """Count how the pictures of a batch stand, and say how long the rest will take at the pace of this attempt."""
    outcomes = Counter(str(item.status) for item in found if item.status is not None)
    ended = outcomes.total()
    total = batch.total
    running = sum(item.status is None for item in found) if batch.state is BatchState.RUNNING else 0
    return Progress(
        total=total,
        outcomes=dict(outcomes),
        running=running,
        left=None if total is None else max(0, total - ended),
        dollars=round(sum(item.dollars or 0.0 for item in found), 6),
        seconds_left=_seconds_left(batch, found, moment),
    )


def _seconds_left(batch: BatchRecord, found: Sequence[BatchItem], moment: datetime) -> float | None:
    if batch.state is not BatchState.RUNNING or batch.aim is None:
        return None
    ended = [item for item in found if item.status is not None]
    now_ended = sum(item.updated_at >= batch.started_at for item in ended)
    if not now_ended:
        return None
    pace = (moment - batch.started_at).total_seconds() / now_ended
    return round(pace * max(0, batch.aim - len(ended)), 1)


def _started(batch_id: str) -> BatchRecord:
    batch = _found(batch_id)
    if batch.state is BatchState.RUNNING:
        batch_runs.start(batch)
    return batch


def _found(batch_id: str) -> BatchRecord:
    batch = stored.find(batch_id)
    if batch is None:
        raise TransientFailure(_LOST, code="record_conflict")
    return batch
