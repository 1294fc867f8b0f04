"""Valid documents for tests, each of which changes only what it is about."""

from typing import Any

from schemas.asset import Inspection, MediaType
from schemas.ids import asset_id
from schemas.pointers import S3Pointer
from schemas.recipe import GenerateStep, MaskStep, ModelStep, PreviewStep, Recipe, UpscaleStep
from schemas.run import Run, RunState, StageSummary
from schemas.signals import Signals
from schemas.stage import ModelUse, Stage, StageResult

INBOX, WORK, DELIVERY = "cleanplate-inbox", "cleanplate-work", "cleanplate-delivery"
SHA = "ab" * 32
PHOTO = S3Pointer(bucket=INBOX, key="trip/photo.jpg", version_id="v1")
MASK = S3Pointer(bucket=INBOX, key="trip/photo.mask.png", version_id="m1")
MARKS = {"acme": S3Pointer(bucket=WORK, key=f"marks/acme/{SHA}.png", version_id="a1", sha256=SHA)}
GOOD = Signals(changed_outside_mask=0, mask_share=0.1)
AGREES = Signals(changed_outside_mask=0, mask_share=0, prompt_agreement=0.8)

EDIT = Recipe(name="edit", version=1, summary="Remove.", mask=MaskStep(), inpaint=ModelStep(model="by-hole"))
ENLARGE = Recipe(name="enlarge", version=1, summary="Enlarge.", upscale=UpscaleStep(model="span-x2", scale=2))
FIND = EDIT.model_copy(update={"name": "find", "mask": MaskStep(detector=ModelStep(model="ppocr-text"))})
PRINT = EDIT.model_copy(update={"name": "print", "upscale": UpscaleStep(model="span-x2", scale=2)})
SCENE = Recipe(
    name="scene",
    version=1,
    summary="Make.",
    preview=PreviewStep(model="light", scorer="clip", ask_below=0.5),
    generate=GenerateStep(model="sdxl"),
)
WORDED = SCENE.with_prompt("a lighthouse at dusk", "people")

OUTPUTS: dict[Stage, dict[str, str]] = {
    Stage.MASK: {"mask": "mask.png"},
    Stage.PREVIEW: {"image": "image.png"},
    Stage.GENERATE: {"image": "image.png"},
    Stage.INPAINT: {"edits": "edits.zip"},
    Stage.REFINE: {"edits": "edits.zip", "image": "image.jpg"},
    Stage.UPSCALE: {"image": "image.png"},
}


def inspection(**changes: Any) -> Inspection:
    """Describe an ordinary photograph."""
    facts = {
        "media_type": MediaType.JPEG,
        "width": 640,
        "height": 480,
        "size_bytes": 1000,
        "sha256": SHA,
        "bit_depth": 8,
        "mode": "RGB",
        "orientation": 1,
        "has_alpha": False,
        "has_icc_profile": False,
    }
    return Inspection.model_validate(facts | changes)


def run(recipe: Recipe = EDIT, source: S3Pointer = PHOTO, **changes: Any) -> Run:
    """Order a run for a photo."""
    asset = asset_id(source.bucket, source.key, source.version_id or "")
    return Run.plan(asset, source, recipe, **changes)


def result(stage: Stage, **changes: Any) -> StageResult:
    """Answer as a container does for a stage."""
    outputs = {
        name: S3Pointer(bucket=WORK, key=f"stages/{stage}/{file}", sha256=SHA)
        for name, file in OUTPUTS.get(stage, {}).items()
    }
    assesses = stage.kind is Stage.ASSESS
    facts = {
        "stage": stage,
        "model": ModelUse(name=f"{stage}-model", version="1", licence="MIT", commercial_use=True),
        "outputs": outputs,
        "seconds": 0.5,
        "width": 640,
        "height": 480,
        "signals": GOOD if assesses else AGREES if stage is Stage.PREVIEW else None,
        "confidence": 0.9 if assesses else None,
    }
    return StageResult.model_validate(facts | changes)


def summary(stage: Stage, **changes: Any) -> StageSummary:
    """Reduce an answer to what the chain carries."""
    return StageSummary.of(result(stage, **changes), S3Pointer(bucket=WORK, key=f"stages/{stage}/result.json"))


def state(order: Run, *stages: Stage | tuple[Stage, StageSummary]) -> RunState:
    """Carry a run as far as these stages, each with its ordinary answer or the one given."""
    results = dict(entry if isinstance(entry, tuple) else (entry, summary(entry)) for entry in stages)
    return RunState(run=order, inspection=inspection(), results=results)


def card_document(name: str = "net", /, **facts: Any) -> dict[str, Any]:
    """Describe a model of the mask stage that needs nothing, as its card file would."""
    return {
        "name": name,
        "version": "1",
        "stage": "mask",
        "summary": "A model of this test.",
        "adapter": "inference.masking.supplied:SuppliedMask",
        "licence": "MIT",
        "commercial_use": True,
        "generative": False,
        **facts,
    }
