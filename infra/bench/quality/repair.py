"""The chain in one process: the stages and work orders of a deployment, without its queues."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from inference.artifacts import DirectoryArtifactStore
from inference.compositing.edits import EditLayer
from inference.compositing.edits_file import unpack
from inference.compositing.masks import mask_values
from inference.pictures import decode
from inference.protocols import Mask, Rgb
from inference.registry import Registry
from inference.stages.dispatch import run_stage
from inference.stages.job import ENLARGED
from infra.bench.quality.clock import Clock
from schemas.finding import Finding
from schemas.ids import asset_id
from schemas.plan import request_for
from schemas.pointers import Box, S3Pointer
from schemas.recipe import DEFAULT_UPSCALERS, Recipe
from schemas.run import Run, RunState, StageSummary
from schemas.stage import Stage, StageResult

_BUCKET = "quality-bench"
_RECIPES = Path(__file__).parents[2] / "recipes"


@dataclass(frozen=True, eq=False)
class Repaired:
    """What came out.

    Parameters
    ----------
    image
        The picture at its last size.
    mask
        ``(H, W)`` area that was replaced, or None where nothing was found.
    seconds
        By stage: the model with its pictures, without loading it.
    cpu_seconds
        Of all stages and threads, with reading and writing artifacts.
    models
        Names of the models that filled, with the pixels of each.
    confidence
        Of the native result.
    findings
        What guards found in the native result.
    layer
        The refined edits, or None where nothing was found.
    """

    image: Rgb
    mask: Mask | None
    seconds: dict[Stage, float]
    cpu_seconds: float
    models: dict[str, int]
    confidence: float | None
    findings: list[Finding]
    layer: EditLayer | None = None


def recipe(name: str) -> Recipe:
    """Read a recipe that is shipped."""
    return Recipe.model_validate(yaml.safe_load((_RECIPES / f"{name}.yaml").read_text()))


def repair(
    photo: bytes,
    order: Recipe,
    *,
    mask: bytes | None = None,
    box: Box | None = None,
    marks: Mapping[str, bytes] | None = None,
    protected: Mapping[str, bytes] | None = None,
    scale: int = 1,
) -> Repaired:
    """Run a photograph through the stages of a recipe. Models come from the machine's own store.

    ``marks`` is registered artwork by name, as PNGs, that is to be removed; ``protected`` is such that is to stay.
    """
    with tempfile.TemporaryDirectory(prefix="cleanplate-quality-") as folder:
        store, registry = DirectoryArtifactStore(Path(folder)), Registry()
        source = store.put(S3Pointer(bucket=_BUCKET, key="in/photo"), photo, "image/png")
        supplied = store.put(S3Pointer(bucket=_BUCKET, key="in/mask"), mask, "image/png") if mask else None
        removed, kept = (
            {
                name: store.put(S3Pointer(bucket=_BUCKET, key=f"marks/{name}"), data, "image/png")
                for name, data in (artwork or {}).items()
            }
            for artwork in (marks, protected)
        )
        wanted = order.with_scale(scale, DEFAULT_UPSCALERS) if scale > 1 else order
        run = Run.plan(
            asset_id(_BUCKET, source.key, "1"),
            source,
            wanted,
            mask=supplied,
            box=box,
            marks=removed,
            protected=kept,
            rights="owned",
        )
        return _Chain(store, registry, RunState(run=run)).go()


class _Chain:
    def __init__(self, store: DirectoryArtifactStore, registry: Registry, state: RunState) -> None:
        self._store, self._registry, self._state = store, registry, state
        self._seconds: dict[Stage, float] = {}
        self._cpu_seconds = 0.0
        self._last: dict[Stage, StageResult] = {}

    def go(self) -> Repaired:
        order = self._state.run.recipe
        if order.inpaint is not None:
            self._stage(Stage.MASK)
            if self._state.output(Stage.MASK, "mask"):
                for stage in (Stage.INPAINT, Stage.REFINE, Stage.ASSESS):
                    self._stage(stage)
        if order.upscale is not None:
            self._stage(Stage.UPSCALE)
        assessed, layer = self._last.get(Stage.ASSESS), self._layer()
        return Repaired(
            image=decode(self._read(self._state.final_image), ENLARGED).rgb8(),
            mask=self._mask(),
            seconds=self._seconds,
            cpu_seconds=self._cpu_seconds,
            models=_models(layer),
            confidence=assessed.confidence if assessed else None,
            findings=assessed.findings if assessed else [],
            layer=layer,
        )

    def _stage(self, stage: Stage) -> None:
        request = request_for(stage, self._state, work_bucket=_BUCKET)
        self._registry.load(request.model)  # outside of the stage's clock, as in a warm container
        with Clock() as clock:
            result = run_stage(request, self._store, self._registry)
        self._cpu_seconds += clock.cpu_seconds
        summary = StageSummary.of(result, request.result_pointer)
        self._state = self._state.model_copy(update={"results": {**self._state.results, stage: summary}})
        self._seconds[stage], self._last[stage] = result.seconds, result

    def _mask(self) -> Mask | None:
        pointer = self._state.output(Stage.MASK, "mask")
        return np.asarray(mask_values(decode(self._read(pointer))) > 127) if pointer else None

    def _layer(self) -> EditLayer | None:
        pointer = self._state.output(Stage.REFINE, "edits")
        return unpack(self._read(pointer)) if pointer else None

    def _read(self, pointer: S3Pointer) -> bytes:
        return self._store.get(pointer, max_bytes=2 << 30)


def _models(layer: EditLayer | None) -> dict[str, int]:
    shares: dict[str, int] = {}
    for patch in layer.patches if layer else []:
        shares[patch.model] = shares.get(patch.model, 0) + int(patch.hole.sum())
    return shares
