"""Batches as the API shows them."""

from pydantic import Field

from schemas.asset import Status
from schemas.batch import BatchRecord, Progress
from schemas.http.answer import OPEN, Answer, AssetId, Cursor, RunId
from schemas.job import BatchId
from schemas.pointers import Document
from schemas.records import Moment


class ProgressShown(Progress):
    """How many pictures of a batch came to what."""

    model_config = OPEN


class BatchShown(BatchRecord):
    """A batch. What there is nothing to say about is left out."""

    model_config = OPEN


class BatchDetail(BatchShown):
    """A batch, with how its pictures stand."""

    progress: ProgressShown


class BatchPage(Answer):
    """Batches, the latest first."""

    batches: list[BatchShown] = Field(description="at most 50")
    cursor: Cursor


class ItemShown(Answer):
    """One picture of a batch. What there is nothing to say about is left out."""

    batch_id: BatchId
    key: str = Field(description="of the inbox")
    attempt: int = Field(ge=1, description="of the batch, at which it was taken up")
    status: Status | None = Field(default=None, description="its outcome, once there is one")
    code: str | None = Field(default=None, description="short stable word for why")
    reason: str | None = Field(default=None, description="the same, for people")
    recipe: str | None = Field(default=None, description="`name@version`")
    confidence: float | None = Field(default=None, description="that a careful person would accept the result")
    dollars: float | None = Field(default=None, description="what the models took")
    delivered: dict[str, str] = Field(default={}, description="addresses of the files, by rendition")
    updated_at: Moment
    asset_id: AssetId | None = None
    run_id: RunId | None = Field(default=None, description="its current run")


class ItemPage(Answer):
    """Pictures of a batch that were taken up, in no order that means anything."""

    items: list[ItemShown] = Field(description="at most 100; fewer where a status is asked for")
    cursor: Cursor


class BatchQuestion(Document):
    """Which page of the batches."""

    cursor: str | None = Field(default=None, max_length=100, description="where the page begins")


class ItemQuestion(BatchQuestion):
    """Which pictures of a batch."""

    status: Status | None = Field(default=None, description="only those with this outcome")
