"""What a stage is asked and what it answers: the documents that cross the SageMaker boundary."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas.errors import BY_NAME, CleanplateError
from schemas.finding import MOST_FINDINGS, Finding
from schemas.ids import content_key
from schemas.pointers import Box, Document, S3Pointer, Sha256
from schemas.policy import UNRESTRICTED, Permission
from schemas.signals import Signals


class Stage(StrEnum):
    """The steps of the chain, in their order. ``score`` and ``guard`` are none of them."""

    INSPECT = "inspect"
    MASK = "mask"
    PREVIEW = "preview"
    GENERATE = "generate"
    INPAINT = "inpaint"
    REFINE = "refine"
    ASSESS = "assess"
    JUDGE = "judge"
    UPSCALE = "upscale"
    ASSESS_UPSCALED = "assess-upscaled"
    ROUTE = "route"
    RENDER = "render"
    DELIVER = "deliver"
    SCORE = "score"
    GUARD = "guard"

    @property
    def kind(self) -> "Stage":
        """The kind of work: both assessments are ``assess``."""
        return Stage.ASSESS if self is Stage.ASSESS_UPSCALED else self


MODEL_STAGES = (
    Stage.MASK,
    Stage.PREVIEW,
    Stage.GENERATE,
    Stage.INPAINT,
    Stage.REFINE,
    Stage.ASSESS,
    Stage.UPSCALE,
)
"""Stages that run behind an endpoint, one endpoint each in the ``per-stage`` layout."""

LARGEST_SEED = 2**32 - 1
"""Of noise; what every generator of random numbers takes."""


class StageRequest(Document):
    """One stage's work order. The body that the endpoint receives.

    ``inputs`` by stage (all pointers):

    - mask: ``source``; ``mask`` where one was supplied; ``strokes`` (JSON, see ``schemas.redo``) to be drawn onto it;
      ``mark-NAME``, artwork of registered marks
    - preview, generate: ``source`` where there is a sketch to follow
    - inpaint: ``source``, ``mask``; ``mark-NAME``, artwork of registered marks, and ``sightings`` where the mask stage
      looked for them
    - refine: ``source``, ``edits`` (from inpaint)
    - assess: ``source``, ``mask``, ``edits`` (from refine), ``image``; ``mark-NAME``, artwork that nothing may touch
    - upscale: ``source``; ``edits`` where there are any
    - assess-upscaled: ``source``, ``image`` (enlarged); ``edits`` where there are any

    ``parameters`` are the model's own, as resolved from the recipe; a mask request may hold ``box`` or ``point``, an
    inpainting's ``context`` (0.25..4, how much of the surroundings is looked at, 1 as usual). A
    preview's and a generation's hold ``prompt``, ``width`` and ``height``, and may hold ``negative_prompt`` and
    ``seed``; a preview's names its ``scorer``, a model of stage ``score``. An assessment's may hold ``guards``, and
    ``detector_score``, how sure a detector was of what the mask covers. ``permission`` is what the policy lets the
    model do; the stage refuses a model whose card says that it does more.
    Outputs go under ``output`` (bucket and key prefix), the answer as ``result.json`` there as well.
    """

    stage: Stage
    model: str
    inputs: dict[str, S3Pointer]
    parameters: dict[str, Any] = {}
    permission: Permission = UNRESTRICTED
    output: S3Pointer

    @property
    def result_pointer(self) -> S3Pointer:
        """Where the container leaves its answer, whoever asked."""
        return S3Pointer(bucket=self.output.bucket, key=f"{self.output.key}result.json")

    @classmethod
    def build(  # noqa: PLR0913  everything that names the place
        cls,
        stage: Stage,
        model: str,
        inputs: dict[str, S3Pointer],
        parameters: dict[str, Any],
        *,
        work_bucket: str,
        models: str = "",
        permission: Permission = UNRESTRICTED,
        salt: str = "",
    ) -> "StageRequest":
        """Make a request whose output place is named by its content: asking again finds the same place.

        An input is named by its bytes where they are known, wherever it lies: nothing that a stage makes tells of keys.
        ``models`` names the packed models of the deployment: other weights or other code give other places. So does
        another permission: what one recipe's model invented must not be found by a recipe that forbids it. A ``salt``
        gives a place where nobody else has been.
        """
        decides = {
            "stage": stage,
            "model": model,
            "models": models,
            "inputs": {name: pointer.sha256 or pointer.model_dump(mode="json") for name, pointer in inputs.items()},
            "parameters": parameters,
            "permission": permission.model_dump(mode="json"),
        }
        key = content_key({**decides, "salt": salt} if salt else decides)
        output = S3Pointer(bucket=work_bucket, key=f"stages/{stage}/{key}/")
        return cls(stage=stage, model=model, inputs=inputs, parameters=parameters, permission=permission, output=output)


class WeightUse(Document):
    """A weight file as it was loaded."""

    file: str
    sha256: Sha256


class ModelUse(Document):
    """Which model did it, precisely enough to do it again."""

    name: str
    version: str
    licence: str
    commercial_use: bool
    generative: bool | None = Field(default=None, description="whether it may invent; older records do not say")
    weights: list[WeightUse] = []
    libraries: dict[str, str] = {}
    device: str = "cpu"


class EditedArea(Document):
    """One region that was changed, with the crop that the model saw and the model that filled it."""

    box: Box
    crop: Box
    hole_pixels: int = Field(ge=0)
    model: str
    version: str | None = Field(default=None, description="of that model; older records do not say")
    generative: bool | None = Field(default=None, description="whether that model may invent; older records: not said")


class MaskedArea(Document):
    """One connected place that a mask covers."""

    box: Box
    share: float = Field(gt=0, le=1, description="of the picture's pixels")


MOST_MASKED_AREAS = 20
MOST_PLACES = 100
"""Edited areas and detections of one stage that people are told of: a pattern all over a picture has thousands."""


class Detection(Document):
    """Something a detector found."""

    label: str
    score: float = Field(ge=0, le=1)
    box: Box


class StageResult(Document):
    """A stage's answer.

    ``outputs`` by stage:

    - mask: ``mask`` (8-bit grey PNG of the oriented size, 255 = replace); absent when nothing was found.
      ``sightings`` (JSON, see ``schemas.sighting``) where registered marks were looked for
    - preview: ``image`` (PNG, small); see ``signals.prompt_agreement`` and ``scored_by``
    - generate: ``image``, in the type it is delivered in
    - inpaint: ``edits`` (zip of patches, see ``inference.compositing.edits``); ``sightings`` of the registered marks
      that were taken off
    - refine: ``edits``, ``image`` (the whole picture at native size, in the type it is delivered in)
    - assess, assess-upscaled: nothing; see ``signals``, ``findings`` and ``confidence``
    - upscale: ``image``
    """

    stage: Stage
    model: ModelUse
    outputs: dict[str, S3Pointer] = {}
    parameters: dict[str, Any] = Field(default={}, description="as resolved, defaults filled in")
    seconds: float = Field(ge=0, description="time spent in the model and its pictures, without transfers")
    areas: list[EditedArea] = []
    detections: list[Detection] = []
    masked: list[MaskedArea] = Field(default=[], max_length=MOST_MASKED_AREAS, description="the largest first")
    masked_share: float | None = Field(default=None, ge=0, le=1, description="what the mask covers, of the picture")
    signals: Signals | None = None
    scored_by: ModelUse | None = Field(default=None, description="the preview's second model")
    findings: list[Finding] = Field(default=[], max_length=MOST_FINDINGS, description="what the guards found")
    confidence: float | None = Field(default=None, ge=0, le=1)
    unknown_because: str | None = Field(
        default=None, max_length=200, description="why there is no confidence, in words"
    )
    width: int | None = None
    height: int | None = None


class StageFailure(Document):
    """The body of every answer that is not 200, so that nobody has to guess from a status code."""

    error: str = Field(description="BadInput, PermanentFailure or TransientFailure")
    code: str
    message: str

    @classmethod
    def of(cls, error: CleanplateError) -> "StageFailure":
        """Describe an error for the wire."""
        return cls(error=type(error).__name__, code=error.code, message=error.message)

    def to_error(self) -> CleanplateError:
        """Make it an exception again; an unknown kind is taken as permanent."""
        kind = BY_NAME.get(self.error, BY_NAME["PermanentFailure"])
        return kind(self.message, code=self.code)
