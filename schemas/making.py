"""What a run's stages did, as far as a delivered file tells of it: gathered from the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from schemas.records import StageFacts
from schemas.run import RunState, StageSummary
from schemas.stage import EditedArea, ModelUse, Stage


class Made(NamedTuple):
    """One stage: what did it, with what, where, and when. ``width`` and ``height`` are pixels of its picture."""

    model: ModelUse
    parameters: dict[str, Any] = {}
    areas: list[EditedArea] = []
    width: int | None = None
    height: int | None = None
    ended_at: datetime | None = None


def making_of(state: RunState, records: Iterable[StageFacts]) -> dict[Stage, Made]:
    """Find the record of each stage whose answer a run carries: the run's own, or that of a run before it.

    A record is known by what it left: another trial of the same stage left something else.
    """
    made: dict[Stage, Made] = {}
    for record in sorted(records, key=lambda record: record.ended_at):
        carried = state.results.get(record.stage)
        if carried is not None and record.model is not None and _places(record.outputs) == _places(carried.outputs):
            made[record.stage] = _made(record, record.model, carried)
    return made


def _made(record: StageFacts, model: ModelUse, carried: StageSummary) -> Made:
    width, height = record.width or carried.width, record.height or carried.height
    return Made(model, record.parameters, record.areas, width, height, record.ended_at)


def _places(outputs: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(name, pointer.bucket, pointer.key) for name, pointer in outputs.items()}
