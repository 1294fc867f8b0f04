"""What is written down: assets, their runs, stages and reviews, who waits for what, and registered marks."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from schemas.asset import Inspection, Status
from schemas.cost import Cost
from schemas.erasure import Erasure
from schemas.finding import Finding
from schemas.job import BatchId, CallbackUrl, Tags
from schemas.mark import MarkName
from schemas.moments import Moment as Moment  # noqa: PLC0414  others take it from here
from schemas.moments import now as now  # noqa: PLC0414  others take it from here
from schemas.moments import timestamp as timestamp  # noqa: PLC0414  others take it from here
from schemas.pointers import Document, S3Pointer, Sha256
from schemas.policy import Route
from schemas.rendition import Rendition
from schemas.review import Claim, Person, ReviewState, Ruling
from schemas.run import Run
from schemas.signals import Signals
from schemas.stage import MOST_MASKED_AREAS, Detection, EditedArea, MaskedArea, ModelUse, Stage
from schemas.withdrawal import Withdrawal


class Outcome(Document):
    """How a run ended, in words a person can act on."""

    status: Status
    reason: str
    code: str = Field(description="short stable word, for counting")
    route: Route | None = None
    rule: str | None = None
    confidence: float | None = None
    findings: list[Finding] = Field(default=[], description="what the rule was about, and where")
    renditions: list[Rendition] = []
    cost: Cost | None = Field(default=None, description="what the models took")


class AssetRecord(Document):
    """An asset's standing. ``run_id`` names the run that may change it; all other runs are late.

    ``mask_version`` and ``job_version`` are the versions of the mask and the sidecar that its run was ordered by.
    """

    asset_id: str
    source: S3Pointer
    size_bytes: int = Field(ge=0)
    recipe: str = ""
    mask_version: str = ""
    job_version: str = ""
    tags: Tags = {}
    batch: BatchId | None = None
    callback: CallbackUrl | None = None
    run_id: str = ""
    attempt: int = 0
    status: Status
    stage: Stage | None = Field(default=None, description="the step it is at, while it runs")
    outcome: Outcome | None = None
    withdrawal: Withdrawal | None = Field(default=None, description="how it was taken back, if it was")
    erasure: Erasure | None = Field(default=None, description="how it went, if it did")
    inspection: Inspection | None = None
    created_at: Moment
    updated_at: Moment

    @property
    def is_being_erased(self) -> bool:
        """Whether something of it is still there that is to go."""
        return self.erasure is not None and self.erasure.done_at is None

    @property
    def is_being_withdrawn(self) -> bool:
        """Whether files of it are being taken away at the moment."""
        return self.withdrawal is not None and self.withdrawal.done_at is None


class RunRecord(Document):
    """A run as it was ordered and how it ended."""

    run: Run
    recipe_sha256: Sha256
    started_at: Moment
    ended_at: Moment | None = None
    outcome: Outcome | None = None


class MaskFacts(Document):
    """The mask that a stage made or worked by: the file that is kept, to the version, and what it covers."""

    kept: S3Pointer | None = Field(default=None, description="absent where nothing was found")
    share: float | None = Field(default=None, ge=0, le=1, description="what it covers, of the picture")
    areas: list[MaskedArea] = Field(default=[], max_length=MOST_MASKED_AREAS, description="the largest first")


class StageFacts(Document):
    """Provenance of one stage: what went in, what came out, and exactly what did it.

    A stage that a model did says in ``model`` which libraries and which device; one that a function of ours did says
    it in ``libraries`` and ``device``. Records of older deployments lack what came to be written down later.
    """

    asset_id: str
    run_id: str
    stage: Stage
    trial: int = Field(default=1, ge=1, description="which of the run's fills it belongs to, from 1")
    started_at: Moment
    ended_at: Moment
    inputs: dict[str, S3Pointer] = {}
    outputs: dict[str, S3Pointer] = {}
    model: ModelUse | None = None
    scored_by: ModelUse | None = Field(default=None, description="what judged a preview against its prompt")
    parameters: dict[str, Any] = {}
    libraries: dict[str, str] = Field(default={}, description="versions, of a stage that no model did")
    device: str | None = Field(default=None, description="what computed, of a stage that no model did")
    model_seconds: float | None = Field(default=None, description="time in the model and its pictures")
    cost: Cost | None = Field(default=None, description="what the model took; nothing where its answer was known")
    reused: bool = Field(default=False, description="whether its answer was known before, and nobody was asked")
    width: int | None = Field(default=None, description="pixels of what was made, or looked at")
    height: int | None = Field(default=None, description="pixels of what was made, or looked at")
    mask: MaskFacts | None = None
    areas: list[EditedArea] = []
    edited_share: float | None = Field(
        default=None, ge=0, le=1, description="pixels that were replaced or made, of the picture"
    )
    detections: list[Detection] = []
    signals: Signals | None = None
    findings: list[Finding] = []
    confidence: float | None = None
    decision: str | None = Field(default=None, description="what was decided: a route, a step, or a status")
    rule: str | None = Field(default=None, description="the rule that decided")
    ruling: Ruling | None = Field(default=None, description="the reviewer's verdict that was carried out")
    delivered: list[str] = Field(default=[], description="keys in the delivery bucket")
    note: str | None = Field(default=None, description="a decision's reason, or what a check found")


class StageRecord(StageFacts):
    """Provenance of one stage as it is written down."""

    @property
    def wall_seconds(self) -> float:
        """Time from asking to answering, queues and transfers included."""
        return (self.ended_at - self.started_at).total_seconds()


class ReviewRecord(Document):
    """A person's work item. It holds no task token: the run is over, and the verdict starts a new one.

    ``rank`` is how early it is to be looked at, 0 first. ``first`` is who approved where two people must.
    """

    asset_id: str
    run_id: str
    opened_at: Moment
    state: ReviewState = ReviewState.OPEN
    rank: int = Field(default=2, ge=0, le=9)
    recipe: str = ""
    name: str = Field(default="", description="of the file that was uploaded, without its folders")
    attempt: int = 1
    parent: str | None = Field(default=None, description="the run of which this one is a redo")
    claim: Claim | None = None
    first: Person | None = None
    decided_by: Person | None = None
    next_run: str | None = Field(default=None, description="the run that the verdict led to")
    expires_at: Moment | None = None
    rule: str
    reason: str
    confidence: float | None = None
    findings: list[Finding] = []
    prompt: str | None = None
    before: S3Pointer
    after: S3Pointer
    mask: S3Pointer | None = None

    @property
    def seen(self) -> dict[str, S3Pointer]:
        """What a person is shown, to the version."""
        pictures = {"before": self.before, "after": self.after, "mask": self.mask}
        return {name: pointer for name, pointer in pictures.items() if pointer is not None}


class Deadline(Document):
    """When a review is to be looked at by the clock, and what is done then."""

    asset_id: str
    run_id: str
    due_at: Moment
    does: Literal["remind", "end"]


class Callback(Document):
    """Who waits for an inference, kept by its InferenceId because a task token fits in no SageMaker field."""

    model_config = ConfigDict(hide_input_in_errors=True)  # a token is a secret, in a stack trace too

    inference_id: str
    task_token: str = Field(min_length=1, max_length=2048, repr=False)
    asset_id: str
    run_id: str
    stage: Stage
    trial: int = Field(default=1, ge=1, description="which of the run's fills it belongs to, from 1")
    inputs: dict[str, S3Pointer] = {}
    result: S3Pointer
    submitted_at: Moment
    expires_at: int = Field(description="seconds since 1970, the table's TTL")


class CallbackPlace(Document):
    """Which callback a run waits for; it holds no token."""

    inference_id: str
    expires_at: int = Field(description="seconds since 1970, the table's TTL")


class MarkRecord(Document):
    """A registered mark. Another artwork under the same name lies under another key; this one's bytes never change.

    ``removed_at`` hides it from new runs. The artwork stays, for the runs that used it.
    """

    name: MarkName
    artwork: S3Pointer
    sha256: Sha256
    width: int = Field(gt=0, description="pixels of the artwork")
    height: int = Field(gt=0, description="pixels of the artwork")
    size_bytes: int = Field(gt=0)
    registered_at: Moment
    removed_at: Moment | None = None
