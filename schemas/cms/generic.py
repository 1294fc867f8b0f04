"""Whatever can sign a request: our own small event."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from schemas.cms.picture import Event, Picture, name_in, read
from schemas.job import Job


def _of_outside(job: Job) -> Job:
    if job.batch is not None:
        raise ValueError("a batch is set by Cleanplate")
    return job


class GenericEvent(Event):
    """One picture, and what is to be done with it otherwise than the hook says. A misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, max_length=2000, description="where the picture lies")
    path: str | None = Field(default=None, min_length=1, max_length=600, description="else the name in the address")
    job: Annotated[Job, AfterValidator(_of_outside)] = Job()


def pictures(body: bytes) -> list[Picture]:
    """Read the event."""
    event = read(GenericEvent, body)
    return [Picture(event.url, event.path or name_in(event.url), {}, event.job)]
