"""The life of an asset, told from its records: runs, stages, deeds and files, with short-lived links."""

from typing import Any

from handlers.aws import miniatures as kept
from handlers.aws import storage
from handlers.aws.dossier import Dossier
from handlers.settings import settings
from schemas.asset import Status
from schemas.miniature import mask_name, miniatures_of, picture_name
from schemas.pointers import S3Pointer
from schemas.readings import readings
from schemas.records import AssetRecord, RunRecord, StageRecord, timestamp
from schemas.rendition import Rendition
from schemas.stage import MOST_PLACES

_MOST_RUNS = 20


def life_of(known: Dossier, asset: AssetRecord) -> dict[str, Any]:
    """Tell all that is known of an asset. What there is nothing to say about is left out."""
    teller = _Teller(asset, known)
    return {
        **(
            {} if asset.status is Status.ERASED else {"original": teller.seen(asset.source, picture_name(asset.source))}
        ),
        "asset": asset.model_dump(mode="json", exclude_none=True),
        "name": asset.source.key.rsplit("/", 1)[-1],
        "runs": [teller.run(record) for record in told_runs(known)],
        "trail": [entry.model_dump(mode="json", exclude_none=True) for entry in known.trail],
        "copies": [copy.model_dump(mode="json", exclude_none=True) for copy in known.copies],
        "files": [_file(rendition) for rendition in _delivered(asset)],
        "missing": len(missing_of(known, asset, teller.there)),
    }


def missing_of(known: Dossier, asset: AssetRecord, there: set[str] | None = None) -> set[str]:
    """Name the miniatures of an asset that are not made yet."""
    there = kept.names(asset.asset_id) if there is None else there
    return miniatures_of(asset, told_stages(known)).keys() - there


def told_runs(known: Dossier) -> list[RunRecord]:
    """Choose the runs that are told of: the latest, none that only tried something out, and none of what is erased."""
    if known.asset is None or known.asset.status is Status.ERASED:
        return []
    return [record for record in known.runs if not record.run.trial][-_MOST_RUNS:]


def told_stages(known: Dossier) -> list[StageRecord]:
    """Choose the stages of those runs."""
    told = {record.run.run_id for record in told_runs(known)}
    return [stage for stage in known.stages if stage.run_id in told]


class _Teller:
    """Knows which miniatures are there, and signs links to them."""

    def __init__(self, asset: AssetRecord, known: Dossier) -> None:
        self.asset = asset
        self.known = known
        self.there = kept.names(asset.asset_id)

    def run(self, record: RunRecord) -> dict[str, Any]:
        """Tell of a run, and of the stages that it did itself."""
        run, outcome = record.run, record.outcome
        review = next((each.state for each in self.known.reviews if each.run_id == run.run_id), None)
        said: dict[str, Any] = {
            "run_id": run.run_id,
            "attempt": run.attempt,
            "recipe": run.recipe.reference,
            "entry": run.entry,
            "parent": run.parent,
            "started_at": timestamp(record.started_at),
            "ended_at": timestamp(record.ended_at) if record.ended_at else None,
            "review": review,
            "stages": [self._stage(stage) for stage in self.known.stages_of(run.run_id)],
        }
        if outcome:
            names = {"status", "code", "reason", "route", "rule", "confidence", "cost", "renditions"}
            said |= outcome.model_dump(mode="json", exclude_none=True, include=names)
        return {name: value for name, value in said.items() if value is not None}

    def seen(self, pointer: S3Pointer, name: str) -> dict[str, str]:
        """Link a file, and its miniature where there is one."""
        file = {"file": storage.presigned_get(pointer)}
        if name not in self.there:
            return file
        return {**file, "small": storage.presigned_get(kept.place(self.asset.asset_id, name))}

    def _stage(self, record: StageRecord) -> dict[str, Any]:
        named = {"image": picture_name, "mask": mask_name}
        outputs = {name: record.outputs[name] for name in named if name in record.outputs}
        areas = sorted(record.areas, key=lambda area: -area.hole_pixels)[:MOST_PLACES]
        shown = record.model_copy(update={"areas": areas, "detections": record.detections[:MOST_PLACES]})
        return {
            **shown.model_dump(mode="json", exclude_none=True),
            "areas_left_out": len(record.areas) - len(areas),
            "wall_seconds": round(record.wall_seconds, 3),
            "readings": [reading._asdict() for reading in readings(record.signals)] if record.signals else [],
            "pictures": {name: self.seen(pointer, named[name](pointer)) for name, pointer in outputs.items()},
        }


def _delivered(asset: AssetRecord) -> list[Rendition]:
    """What is delivered at the moment: of what was withdrawn the record stays, and the files are gone."""
    return asset.outcome.renditions if asset.outcome and asset.status is Status.DELIVERED else []


def _file(rendition: Rendition) -> dict[str, Any]:
    link = storage.presigned_get(S3Pointer(bucket=settings().delivery_bucket, key=rendition.key))
    return {**rendition.model_dump(mode="json", exclude_none=True), "link": link}
