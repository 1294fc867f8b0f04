"""Inspect: find out what was uploaded, and refuse it in words before anything costs money."""

import tempfile
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import provenance
from handlers.aws import records, storage
from handlers.observability import logger, metrics
from handlers.orders import enter
from handlers.picture_file import inspect_file, is_blank, size_of
from handlers.pointing import check_inside
from handlers.prices import expected_cost
from handlers.settings import settings
from schemas.asset import Inspection, Limits
from schemas.errors import BadInput, PermanentFailure
from schemas.recipe import GenerateStep
from schemas.records import MaskFacts, now
from schemas.run import RunState
from schemas.sizes import SLIMMEST, is_too_slim
from schemas.stage import Stage


def inspect(state: RunState) -> Inspection:
    """Inspect the upload of a run, and the mask that came with it."""
    started, run = now(), state.run
    limits = Limits(max_bytes=settings().max_bytes, max_pixels=settings().max_pixels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        size_bytes, sha256 = storage.download(run.source, path, max_bytes=limits.max_bytes)
        inspection = inspect_file(path, size_bytes, sha256, limits)
        expected = expected_cost(run.recipe, inspection.megapixels)
        inspection = inspection.model_copy(update={"expected_cost": expected})
        check_inside(run, inspection)
        if run.recipe.generate:
            _check_sketch(run.recipe.generate, path, inspection)
        if run.mask:
            mask_path = Path(folder) / "mask"
            _, mask_sha256 = storage.download(run.mask, mask_path, max_bytes=limits.max_bytes)
            _check_mask(size_of(mask_path), inspection)
            mask = run.mask.model_copy(update={"sha256": mask_sha256})
            inspection = inspection.model_copy(update={"mask": mask})
    if not enter(run, Stage.INSPECT, inspection):
        raise PermanentFailure("Another run took this one's place.", code="superseded")
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.INSPECT,
            started,
            inputs={
                "source": run.source.model_copy(update={"sha256": sha256}),
                **({"mask": inspection.mask} if inspection.mask else {}),
            },
            parameters=limits.model_dump(),
            width=inspection.width,
            height=inspection.height,
            mask=MaskFacts(kept=inspection.mask) if inspection.mask else None,
        )
    )
    return inspection


def _check_sketch(step: GenerateStep, path: Path, picture: Inspection) -> None:
    if step.width is None and is_too_slim(picture.width, picture.height):
        raise BadInput(
            f"The picture is {picture.width} x {picture.height}; a scene is at most {SLIMMEST} times as wide as high, "
            "or as high as wide.",
            code="too_slim",
        )
    if step.from_sketch and is_blank(path):
        raise BadInput("The sketch is blank: there are no lines to follow.", code="blank_sketch")


def _check_mask(size: tuple[int, int] | None, picture: Inspection) -> None:
    if size is None:
        raise BadInput("The mask is not a picture we can read; send a PNG.", code="mask_unreadable")
    if size != (picture.width, picture.height):
        upright = " once turned upright" if picture.orientation > 1 else ""
        raise BadInput(
            f"The mask is {size[0]} x {size[1]} pixels but the picture is {picture.width} x {picture.height}{upright}.",
            code="mask_size",
        )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the inspection."""
    return inspect(RunState.model_validate(event)).model_dump(mode="json")
