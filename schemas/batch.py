"""A batch: one order for many pictures that lie in the inbox, and how each of them stands."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, PlainSerializer, model_validator

from schemas.asset import Status
from schemas.job import BatchId, Job
from schemas.pointers import Document
from schemas.records import Moment
from schemas.review import Person

MOST_ITEMS = 10_000
"""Pictures of one batch. What a map hands back, and what a person can oversee, ends somewhere."""
MOST_KEYS = 1_000
"""Keys in one request, which may have 10 MB at API Gateway and no more than 6 at Lambda."""
MOST_AT_ONCE = 100
MOST_TRIED = 20
"""Pictures that somebody looks at before the rest is done."""
AGAIN = frozenset((Status.FAILED, Status.CANCELLED))
"""Outcomes after which a batch that is resumed does a picture again."""

Key = Annotated[str, Field(min_length=1, max_length=1024)]
StatedJob = Annotated[Job, PlainSerializer(lambda job: job.stated, return_type=dict[str, Any])]
"""A job that is written as it was said: a default that came back as if somebody had asked for it would win."""


class BatchState(StrEnum):
    """How a batch stands as a whole."""

    RUNNING = "running"
    TRIED = "tried"
    """The first few have their outcomes; nothing moves until somebody says so."""
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class BatchOrder(Document):
    """What is to be done with which pictures. ``prefix``, ``manifest`` or ``keys`` says which."""

    prefix: str | None = Field(
        default=None, min_length=1, max_length=900, description="all photos in the inbox whose keys begin so"
    )
    manifest: Key | None = Field(
        default=None, description="key of a list in the inbox: .csv with a column `key`, .jsonl, or .json"
    )
    keys: list[Key] | None = Field(default=None, min_length=1, max_length=MOST_KEYS, description="of the inbox")
    job: StatedJob = Field(default=Job(), description="what is to be otherwise than each picture's own job says")
    concurrency: int = Field(default=20, ge=1, le=MOST_AT_ONCE, description="pictures under way at the same time")
    name: str = Field(default="", max_length=100, description="for people")
    try_: int | None = Field(
        default=None, alias="try", ge=1, le=MOST_TRIED, description="do so many first; the rest waits for `resume`"
    )

    @model_validator(mode="after")
    def _names_one_source(self) -> Self:
        if sum(source is not None for source in (self.prefix, self.manifest, self.keys)) != 1:
            raise ValueError("give one of `prefix`, `manifest` and `keys`")
        if self.job.hold or self.job.batch:
            raise ValueError("a batch is an order: its job holds nothing back, and belongs to no other batch")
        return self


class BatchRecord(Document):
    """A batch as it was ordered. ``attempt`` counts how often it was started; ``total`` is known once it is listed."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)  # `try` is a keyword

    batch_id: BatchId
    name: str = ""
    prefix: str | None = None
    manifest: str | None = None
    job: StatedJob
    concurrency: int
    by: Person
    try_: int | None = Field(
        default=None, alias="try", ge=1, description="pictures to do first; gone once somebody went on with the rest"
    )
    state: BatchState = BatchState.RUNNING
    attempt: int = Field(default=1, ge=1)
    total: int | None = Field(default=None, ge=0)
    reason: str | None = Field(default=None, description="why it failed, for people")
    created_at: Moment
    started_at: Moment = Field(description="when this attempt began")
    ended_at: Moment | None = None

    @property
    def aim(self) -> int | None:
        """How many pictures have an outcome when this attempt is done; ``None`` until the list is made."""
        if self.total is None or self.try_ is None:
            return self.total
        return min(self.total, self.try_)


class Listed(Document):
    """One line of a batch's list. ``job`` is what is said of this picture alone."""

    batch_id: BatchId
    key: Key
    job: StatedJob = Job()


class BatchItem(Document):
    """How one picture of a batch stands. ``attempt`` is the batch's at which it was taken up."""

    model_config = ConfigDict(hide_input_in_errors=True)  # a token is a secret, in a stack trace too

    batch_id: BatchId
    key: Key
    attempt: int = Field(ge=1)
    asset_id: str | None = None
    run_id: str | None = None
    status: Status | None = Field(default=None, description="its outcome, once there is one")
    code: str | None = None
    reason: str | None = None
    recipe: str | None = None
    confidence: float | None = None
    dollars: float | None = None
    delivered: dict[str, str] = Field(default={}, description="addresses of the files, by rendition")
    updated_at: Moment
    task_token: str | None = Field(default=None, max_length=2048, repr=False)

    def needs_work(self, attempt: int) -> bool:
        """Whether an attempt of its batch has to take it up: it has no outcome, or one that is worth another try."""
        return self.status is None or (self.status in AGAIN and self.attempt < attempt)


class Progress(Document):
    """How many pictures of a batch came to what."""

    total: int | None = Field(description="`null` until the list is made")
    outcomes: dict[str, int] = Field(description="pictures by outcome")
    running: int = Field(ge=0, description="pictures under way")
    left: int | None = Field(description="pictures without an outcome, those under way among them")
    dollars: float = Field(ge=0, description="what the models took so far, where it has a price")
    seconds_left: float | None = Field(description="at the pace of this attempt; `null` while there is none")
