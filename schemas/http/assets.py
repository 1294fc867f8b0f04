"""Assets, marks and upload forms as the API shows them."""

from typing import Literal

from pydantic import Field

from schemas.asset import Status
from schemas.http.answer import OPEN, Answer, Cursor, Link, RunId
from schemas.http.copies import CopyShown
from schemas.http.reviews import TrailShown
from schemas.records import AssetRecord, MarkRecord, Moment, StageFacts
from schemas.stage import Stage


class AssetShown(AssetRecord):
    """An asset's standing. What there is nothing to say about is left out."""

    model_config = OPEN


class AssetPage(Answer):
    """Assets, the latest first; those of a folder, key by key; or the one under a key."""

    assets: list[AssetShown] = Field(description="at most 50; may be fewer, or none, with more to come")
    cursor: Cursor


class StageShown(StageFacts):
    """Provenance of one stage. What there is nothing to say about is left out."""

    model_config = OPEN

    wall_seconds: float = Field(ge=0, description="seconds from asking to answering, queues and transfers included")


class ProgressShown(Answer):
    """How far a run is."""

    step: int = Field(ge=0, description="at which step it is, from 1; 0 before the first")
    steps: int = Field(gt=0, description="how many there are, if there is something to do at each of them")
    ahead: int | None = Field(default=None, ge=0, description="runs that were queued before it and wait still")


class RunRow(Answer):
    """One run in short."""

    run_id: RunId
    attempt: int = Field(ge=1, description="1 for the first run of an asset, one more for each that followed")
    recipe: str = Field(description="`name@version`")
    entry: Stage = Field(description="where it began")
    started_at: Moment = Field(description="UTC")
    ended_at: Moment | None = Field(default=None, description="UTC")
    status: Status | None = Field(default=None, description="how it ended")
    code: str | None = Field(default=None, description="short stable word for how it ended")
    reason: str | None = Field(default=None, description="the same, for people")


class AssetDetail(AssetShown):
    """An asset with the stages behind its current run, what people did with it, and links to its files."""

    progress: ProgressShown | None = Field(default=None, description="while a run is under way")

    runs: list[RunRow] = Field(max_length=20, description="the latest, the oldest of them first; trials are not shown")
    stages: list[StageShown] = Field(description="in their order; empty where nothing ran")
    trail: list[TrailShown] = Field(description="of all its reviews, the oldest deed first")
    copies: list[CopyShown] = Field(default=[], description="in the second target, where there is one")
    links: dict[str, Link] = Field(description="`original`, `STAGE.mask`, `STAGE.image`, `delivered.RENDITION`")


class MarkShown(MarkRecord):
    """A registered mark."""

    model_config = OPEN


class MarkDetail(MarkShown):
    """A registered mark, with its artwork."""

    link: Link


class MarkList(Answer):
    """The marks that new runs look for."""

    marks: list[MarkShown] = Field(description="by name")
    most: int = Field(gt=0, description="how many there may be")


class UploadForm(Answer):
    """Where to send one object.

    `post`: a form, as `multipart/form-data`, with its fields first and `file` last. `put`: the file alone, under
    exactly these headers.
    """

    method: Literal["post", "put"] = Field(description="as it was asked for")

    bucket: str = Field(description="the inbox")
    key: str = Field(description="where the upload will lie")
    expires_in: int = Field(gt=0, description="seconds within which the upload has to begin")
    url: str = Field(description="where to send it")
    fields: dict[str, str] = Field(default={}, description="of a form; to be sent as they are, S3 refuses changed ones")
    headers: dict[str, str] = Field(default={}, description="of a PUT; to be sent as they are, S3 refuses changed ones")
