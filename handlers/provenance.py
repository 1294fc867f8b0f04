"""What is written down of a stage, by whoever did it: a model behind an endpoint, or a function of ours."""

import platform
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any

from handlers.prices import prices
from handlers.settings import settings
from schemas.cost import Cost, stage_cost
from schemas.records import Callback, MaskFacts, StageRecord, now
from schemas.run import Run
from schemas.stage import Stage, StageResult

_LIBRARIES = ("boto3", "c2pa-python", "cffi", "pillow", "pydantic", "pyvips", "pyvips-binary", "PyYAML")
"""What our own stages compute with. Those that a function does not carry are not written down for it."""
_FILLS = (Stage.INPAINT, Stage.REFINE)


def of_model(callback: Callback, result: StageResult, *, reused: bool) -> StageRecord:
    """Describe a stage that a model did, from what was asked and what it answered."""
    return StageRecord(
        asset_id=callback.asset_id,
        run_id=callback.run_id,
        stage=callback.stage,
        trial=callback.trial,
        started_at=callback.submitted_at,
        ended_at=now(),
        inputs=callback.inputs,
        outputs=result.outputs,
        model=result.model,
        scored_by=result.scored_by,
        parameters=result.parameters,
        model_seconds=result.seconds,
        cost=_cost(result, reused=reused),
        reused=reused,
        width=result.width,
        height=result.height,
        mask=_mask(callback, result),
        areas=result.areas,
        edited_share=_edited_share(result),
        detections=result.detections,
        signals=result.signals,
        findings=result.findings,
        confidence=result.confidence,
        note=result.unknown_because,
    )


def of_ours(run: Run, stage: Stage, started: datetime, **facts: Any) -> StageRecord:
    """Describe a stage that a function of ours did and has just ended; ``facts`` are fields of its record."""
    return StageRecord(
        asset_id=run.asset_id,
        run_id=run.run_id,
        stage=stage,
        started_at=started,
        ended_at=now(),
        libraries=libraries(),
        device=f"cpu ({platform.machine()})",
        **facts,
    )


@cache
def libraries() -> dict[str, str]:
    """Versions of what our own stages compute with, as installed here."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name.lower()] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _cost(result: StageResult, *, reused: bool) -> Cost:
    """What was known before took nothing now: whoever asked first paid for it."""
    return stage_cost(0.0 if reused else result.seconds, prices(), settings().instance)


def _mask(callback: Callback, result: StageResult) -> MaskFacts | None:
    if callback.stage is Stage.MASK:
        return MaskFacts(kept=result.outputs.get("mask"), share=result.masked_share, areas=result.masked)
    given = callback.inputs.get("mask")
    return MaskFacts(kept=given) if given else None


def _edited_share(result: StageResult) -> float | None:
    """Share of the picture that was replaced; a scene is made as a whole."""
    if result.stage is Stage.GENERATE:
        return 1.0
    if result.stage not in _FILLS or not result.width or not result.height:
        return None
    return min(1.0, sum(area.hole_pixels for area in result.areas) / (result.width * result.height))
