"""A run: one execution of the chain for one asset, and the state that it carries from stage to stage."""

from typing import Unpack

from pydantic import Field

from schemas.asset import Inspection
from schemas.finding import MOST_FINDINGS, Finding
from schemas.given import Given, Rights, further_names
from schemas.ids import run_id
from schemas.job import BatchId, CallbackUrl, Tags
from schemas.mark import MarkName
from schemas.names import ModelName
from schemas.pointers import Box, Document, Point, S3Pointer
from schemas.policy import Decision
from schemas.recipe import ModelStep, Recipe
from schemas.review import Ruling
from schemas.signals import Signals
from schemas.stage import Stage, StageResult


class Run(Document):
    """The order that starts an execution. Everything that decides the outcome is in it, resolved.

    ``marks`` is the artwork of the marks that are looked for, by name, as it was registered when the run began;
    ``protected`` that of all others, which nothing may touch.

    ``parent`` is the run whose result somebody gave a verdict on, and ``ruling`` that verdict where it needs nothing
    but to be carried out; one that is ``ordered`` begins with what its parent left, though nobody gave a verdict.
    ``strokes`` (see ``schemas.redo``) are drawn onto the mask. A ``trial`` shows what would come out, and changes
    nothing of the asset. ``restarts`` counts how often the same order was cut off.

    ``job_version`` is the version of the sidecar that the order was read from. ``callback``, ``tags`` and ``batch`` are
    for whoever waits, and decide nothing. Without ``cache`` every stage is done anew; ``until`` is the last one done.
    ``replay_of`` is the run that this one does again, as a trial, to see whether it comes out the same.
    """

    run_id: str
    asset_id: str
    attempt: int = Field(ge=1)
    entry: Stage = Stage.INSPECT
    source: S3Pointer
    mask: S3Pointer | None = None
    box: Box | None = None
    point: Point | None = None
    marks: dict[MarkName, S3Pointer] = {}
    protected: dict[MarkName, S3Pointer] = {}
    rights: Rights | None = None
    parent: str | None = None
    ruling: Ruling | None = None
    strokes: S3Pointer | None = None
    context: float | None = Field(
        default=None, ge=0.25, le=4, description="surroundings that are looked at; 1 is usual"
    )
    trial: bool = False
    ordered: bool = False
    restarts: int = Field(default=0, ge=0)
    job_version: str = ""
    callback: CallbackUrl | None = None
    tags: Tags = {}
    batch: BatchId | None = None
    cache: bool = True
    until: Stage | None = None
    replay_of: str | None = None
    recipe: Recipe

    @classmethod
    def plan(cls, asset: str, source: S3Pointer, recipe: Recipe, *, attempt: int = 1, **given: Unpack[Given]) -> "Run":
        """Make the order, with its deterministic name."""
        mask, box = given.get("mask"), given.get("box")
        name = run_id(
            asset,
            recipe.reference,
            (mask.version_id or "") if mask else "",
            box.model_dump_json() if box else "",
            given.get("entry", Stage.INSPECT),
            attempt,
            *further_names(given, recipe),
        )
        order = {"run_id": name, "asset_id": asset, "attempt": attempt, "source": source, "recipe": recipe}
        return cls.model_validate(order | given)

    def again(self) -> "Run":
        """Make the next attempt of the same order."""
        return Run.plan(self.asset_id, self.source, self.recipe, attempt=self.attempt + 1, **self.given)

    def restarted(self) -> "Run":
        """Make the next attempt of an order that was cut off."""
        return self.again().model_copy(update={"restarts": self.restarts + 1})

    @property
    def redo_of(self) -> str | None:
        """The run that a person had done again; ``None`` where nobody looked at one before."""
        return None if self.ordered else self.parent

    @property
    def given(self) -> Given:
        """What the order says beside the picture, the recipe and the attempt."""
        return Given(
            mask=self.mask,
            box=self.box,
            point=self.point,
            marks=self.marks,
            protected=self.protected,
            rights=self.rights,
            entry=self.entry,
            parent=self.parent,
            ruling=self.ruling,
            strokes=self.strokes,
            context=self.context,
            trial=self.trial,
            ordered=self.ordered,
            job_version=self.job_version,
            callback=self.callback,
            tags=self.tags,
            batch=self.batch,
            cache=self.cache,
            until=self.until,
            replay_of=self.replay_of,
        )


class StageSummary(Document):
    """What the rest of the chain needs of a stage's answer. The whole answer lies at ``result``."""

    result: S3Pointer
    model: str
    outputs: dict[str, S3Pointer] = {}
    seconds: float = 0.0
    reused: bool = Field(default=False, description="whether its answer was known before, and nobody was asked")
    confidence: float | None = None
    signals: Signals | None = None
    detector_score: float | None = Field(default=None, ge=0, le=1, description="lowest score of what was detected")
    findings: list[Finding] = Field(default=[], max_length=MOST_FINDINGS)
    unknown_because: str | None = None
    width: int | None = None
    height: int | None = None

    @classmethod
    def of(cls, result: StageResult, pointer: S3Pointer, *, reused: bool = False) -> "StageSummary":
        """Reduce an answer to its summary."""
        return cls(
            result=pointer,
            model=result.model.name,
            outputs=result.outputs,
            seconds=result.seconds,
            reused=reused,
            confidence=result.confidence,
            signals=result.signals,
            detector_score=min((found.score for found in result.detections), default=None),
            findings=result.findings,
            unknown_because=result.unknown_because,
            width=result.width,
            height=result.height,
        )


_TRIED = (Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
"""What a run does anew with each model that it tries."""
MOST_ATTEMPTS = 8
"""Models that one run may turn to, those that could not work included; bounds the state and the loop around it."""


class Trial(Document):
    """One model's attempt at the hole, and what came of it; nothing came of a model that could not work here."""

    model: ModelName
    results: dict[Stage, StageSummary] = {}
    failed_because: str | None = Field(default=None, max_length=500)

    @property
    def confidence(self) -> float | None:
        """Of its native-size result."""
        assessed = self.results.get(Stage.ASSESS)
        return assessed.confidence if assessed else None


class RunState(Document):
    """What travels through the state machine: pointers and small facts, well below its 256 KiB.

    ``fill`` is the model that is tried instead of the recipe's, and ``trials`` what was tried so far. ``held`` is why
    the gate keeps back what the rules would let pass.
    """

    run: Run
    inspection: Inspection | None = None
    results: dict[Stage, StageSummary] = {}
    fill: ModelStep | None = None
    trials: list[Trial] = Field(default=[], max_length=MOST_ATTEMPTS)
    held: Decision | None = None

    def trial_of(self, stage: Stage) -> int:
        """Which fill the work of a stage belongs to, from 1: what fills may be tried several times in one run."""
        return len(self.trials) + 1 if stage in _TRIED else 1

    @property
    def filled_by(self) -> ModelStep | None:
        """The model that fills now: the one that is tried, else the recipe's; ``None`` where nothing is filled."""
        return self.fill or self.run.recipe.inpaint

    @property
    def work(self) -> list[StageSummary]:
        """Every answer that the run paid for, those included that another trial's took the place of."""
        tried = [summary for trial in self.trials for summary in trial.results.values()]
        return tried + [summary for summary in self.results.values() if summary not in tried]

    def output(self, stage: Stage, name: str) -> S3Pointer | None:
        """Find an output of an earlier stage, or ``None`` when that stage did not run or gave none."""
        summary = self.results.get(stage)
        return summary.outputs.get(name) if summary else None

    @property
    def was_edited(self) -> bool:
        """Whether pixels of the native picture were changed."""
        return self.output(Stage.REFINE, "image") is not None

    @property
    def made_by(self) -> Stage | None:
        """The stage that made the native picture: ``refine`` or ``generate``; ``None`` where it is the upload."""
        return next((stage for stage in (Stage.REFINE, Stage.GENERATE) if self.output(stage, "image")), None)

    @property
    def native_image(self) -> S3Pointer:
        """The picture at native size: repaired or generated, or the upload itself when there was nothing to do."""
        return (self.made_by and self.output(self.made_by, "image")) or self.run.source

    @property
    def final_image(self) -> S3Pointer:
        """The picture at its last size: enlarged where that was asked for, else the native one."""
        return self.output(Stage.UPSCALE, "image") or self.native_image

    @property
    def latest_image(self) -> S3Pointer:
        """What a person is shown of a run, however far it got: the last picture that it made, if only a preview."""
        if self.made_by or self.output(Stage.UPSCALE, "image"):
            return self.final_image
        return self.output(Stage.PREVIEW, "image") or self.run.source
