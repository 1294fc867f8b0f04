"""DynamoDB: all that is written down of one asset, read in one go: it is one partition of the table."""

from typing import Any, NamedTuple

from handlers.aws import items, table
from schemas.copied import CopyRecord
from schemas.records import AssetRecord, ReviewRecord, RunRecord, StageRecord
from schemas.trail import TrailEntry


class Dossier(NamedTuple):
    """What is known of an asset: its standing, and of all its runs what happened, each list in the order of time."""

    asset: AssetRecord | None
    runs: list[RunRecord]
    stages: list[StageRecord]
    reviews: list[ReviewRecord]
    trail: list[TrailEntry]
    copies: list[CopyRecord]

    def run(self, run_id: str | None) -> RunRecord | None:
        """Return a run of this asset."""
        return next((record for record in self.runs if record.run.run_id == run_id), None)

    def stages_of(self, run_id: str) -> list[StageRecord]:
        """Return the stages of a run in the order of their start."""
        return [record for record in self.stages if record.run_id == run_id]


def read(asset_id: str) -> Dossier:
    """Read everything of an asset, as it is now; all empty where nothing is known of it.

    Raises
    ------
    PermanentFailure
        ``bad_record``, if something of it cannot be read.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for sort, fields in table.partition(f"ASSET#{asset_id}", "reading an asset", below=items.FOUND):
        found.setdefault(sort.partition("#")[0], []).append(fields)

    def all_of(kind: str, document: type[table.Record]) -> list[table.Record]:
        return [table.checked(document, fields) for fields in found.get(kind, [])]

    asset = all_of("ASSET", AssetRecord)
    return Dossier(
        asset[0] if asset else None,
        sorted(all_of("RUN", RunRecord), key=lambda record: record.started_at),
        sorted(all_of("STAGE", StageRecord), key=lambda record: record.started_at),
        sorted(all_of("REVIEW", ReviewRecord), key=lambda record: record.opened_at),
        sorted(all_of("TRAIL", TrailEntry), key=lambda record: record.at),
        all_of("COPY", CopyRecord),
    )
