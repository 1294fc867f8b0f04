"""A hook: a door for one content system, whose events become jobs."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from schemas.job import Job
from schemas.pointers import Document
from schemas.records import Moment

MOST_TAGS_OF_A_HOOK = 5
"""Of a job's ten: the others say where a picture came from."""


class HookKind(StrEnum):
    """Who sends, and so how events are signed and what they look like."""

    GENERIC = "generic"
    WORDPRESS = "wordpress"
    CONTENTFUL = "contentful"
    SANITY = "sanity"


def _for_many(job: Job) -> Job:
    """Refuse what only one picture can have."""
    if job.batch is not None:
        raise ValueError("a batch is set by Cleanplate")
    if job.mask or job.box or job.point:
        raise ValueError("a mask, a box or a click is one picture's; a hook's job is for all that it brings")
    if len(job.tags) > MOST_TAGS_OF_A_HOOK:
        raise ValueError(f"a hook's job has at most {MOST_TAGS_OF_A_HOOK} tags: others say where a picture came from")
    return job


HookName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Host = Annotated[str, StringConstraints(pattern=r"^(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$")]
Folder = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,4})?$")
]


class HookRules(Document):
    """What a hook does with events."""

    kind: HookKind
    job: Annotated[Job, AfterValidator(_for_many)] = Field(default=Job(), description="what is done with its pictures")
    folder: Folder = Field(default="", description="of the inbox, below the recipe's name")
    hosts: list[Host] = Field(
        default=[],
        max_length=20,
        description="where pictures may lie, `images.ctfassets.net` or `*.example.com`; anywhere public if empty",
    )

    def allows(self, host: str) -> bool:
        """Whether a picture may lie on a host. ``*.example.com`` is every name below example.com, not itself."""
        return not self.hosts or any(
            host.endswith(known[1:]) if known.startswith("*.") else host == known for known in self.hosts
        )


class HookRequest(HookRules):
    """A hook to be made or changed."""

    secret: str | None = Field(
        default=None,
        min_length=16,
        max_length=200,
        pattern="^[!-~]+$",
        repr=False,
        description="where the content system has made it itself; else one is made here",
    )


class HookRecord(HookRules):
    """A hook as it is written down. Its secret is not."""

    name: HookName
    created_at: Moment
    updated_at: Moment
