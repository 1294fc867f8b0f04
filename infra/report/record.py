"""One JSON record per picture: what ``cleanplate edit --json`` and the demo write."""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.client import AssetView, StageView
from schemas.http.batches import ItemShown
from schemas.stage import Stage

Record = dict[str, Any]
UNDER_WAY = "UNFINISHED"
"""Outcome of a picture that has none yet."""


def record_of(file: str, asset: AssetView, output: Path | None = None) -> Record:
    """Describe an asset that has an outcome.

    Parameters
    ----------
    file
        The picture as the caller named it.
    output
        Where its result was saved, if it was.

    Returns
    -------
    dict
        ``file``, ``asset_id``, ``key``, ``recipe``, ``outcome``, ``code``, ``reason``, ``route``, ``confidence``,
        ``cost`` in US dollars, ``seconds`` from arrival to outcome, ``stages`` (each with its ``seconds``),
        ``delivered`` files, ``output``.
    """
    outcome = asset.outcome
    return {
        "file": file,
        "asset_id": asset.asset_id,
        "key": asset.source.key,
        "recipe": asset.recipe,
        "outcome": asset.status.value,
        "code": outcome.code if outcome else None,
        "reason": outcome.reason if outcome else None,
        "route": outcome.route.value if outcome and outcome.route else None,
        "confidence": asset.confidence,
        "cost": outcome.cost.dollars if outcome and outcome.cost else None,
        "seconds": seconds_of(asset),
        "stages": [_stage(stage) for stage in asset.stages],
        "delivered": delivered_files(asset),
        "output": str(output) if output else None,
    }


def item_record(item: ItemShown) -> Record:
    """Describe a picture of a batch that the deployment worked through; what is only in its asset is left out."""
    record = failure_record(item.key, item.status or UNDER_WAY, item.code or "", item.reason or "Under way.")
    facts = {"asset_id": item.asset_id, "key": item.key, "recipe": item.recipe}
    delivered = [{"name": name, "uri": uri} for name, uri in sorted(item.delivered.items())]
    return {**record, **facts, "confidence": item.confidence, "cost": item.dollars, "delivered": delivered}


def failure_record(file: str, outcome: str, code: str, reason: str, *, asset_id: str | None = None) -> Record:
    """Describe a picture of which no more is known: unreadable, refused, or not waited for any longer."""
    nothing: Record = dict.fromkeys(("key", "recipe", "route", "confidence", "cost", "seconds", "output"))
    said = {"file": file, "asset_id": asset_id, "outcome": outcome, "code": code, "reason": reason}
    return {**said, **nothing, "stages": [], "delivered": []}


def seconds_of(asset: AssetView) -> float:
    """Seconds from the first to the last thing that is known of an asset's current run."""
    began = min([stage.started_at for stage in asset.stages], default=asset.created_at)
    return round((asset.updated_at - min(began, asset.created_at)).total_seconds(), 3)


def delivered_files(asset: AssetView) -> list[Record]:
    """List the delivered renditions with the full address of each."""
    places = next((stage.outputs for stage in asset.stages if stage.stage is Stage.DELIVER), {})
    return [
        {"uri": places[rendition.name].uri if rendition.name in places else None, **rendition.model_dump(mode="json")}
        for rendition in (asset.outcome.renditions if asset.outcome else [])
    ]


def write_records(records: Sequence[Record], path: Path) -> None:
    """Write the records as a JSON array, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".records.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(records, file, indent=1)
        file.write("\n")
    Path(draft).chmod(0o644)
    Path(draft).replace(path)


def _stage(stage: StageView) -> Record:
    model = stage.model
    return {
        "stage": stage.stage.value,
        "seconds": stage.seconds,
        "model": model.name if model else None,
        "model_version": model.version if model else None,
        "model_seconds": stage.model_seconds,
        "note": stage.note,
    }
