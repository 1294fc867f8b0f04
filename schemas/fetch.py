"""A picture that is to be fetched from an address, and what became of that."""

from enum import StrEnum

from pydantic import Field

from schemas.job import Job
from schemas.pointers import Document, Sha256
from schemas.records import Moment


class FetchState(StrEnum):
    """How far it came."""

    WAITING = "waiting"
    FETCHED = "fetched"
    FAILED = "failed"


class FetchRecord(Document):
    """An order to fetch. ``url`` may hold a signature or a token: kept whole until it was asked, and never shown."""

    fetch_id: str
    url: str
    key: str = Field(description="where the picture will lie in the inbox")
    job: Job
    state: FetchState = FetchState.WAITING
    asset_id: str | None = Field(default=None, description="what it became")
    version_id: str | None = None
    sha256: Sha256 | None = None
    size_bytes: int | None = Field(default=None, ge=0)
    code: str | None = Field(default=None, description="short stable word for why it failed")
    reason: str | None = Field(default=None, description="the same, for people")
    created_at: Moment
    updated_at: Moment
    expires_at: int = Field(description="when it is forgotten, in seconds since 1970")

    @property
    def source(self) -> str:
        """The address without what may be secret in it."""
        return self.url.partition("?")[0].partition("#")[0]
