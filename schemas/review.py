"""A review: how a person's work item stands, who holds it, and what a person ruled."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.audit import AUDIT
from schemas.pointers import Document
from schemas.policy import Policy

LEASE_SECONDS = 600
"""How long a claim holds unless it is renewed: long enough to look; a closed laptop blocks nobody for longer."""


class Person(Document):
    """Somebody who signed in, or whose credentials signed the request. ``name`` is for people to read."""

    who: str = Field(min_length=1, max_length=2048)
    name: str = Field(min_length=1, max_length=256)


class Claim(Document):
    """Who looks at a review, until when."""

    who: str
    name: str
    lease_ends: int = Field(description="seconds since 1970")


class ReviewState(StrEnum):
    """How a review stands. The first two wait for a person, nothing happens to the others any more.

    ``trial``: it shows what somebody tried out, and was never asked about.
    """

    OPEN = "open"
    NEEDS_SECOND = "needs_second"
    DECIDED = "decided"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    TRIAL = "trial"

    @property
    def waits(self) -> bool:
        """Whether somebody is to look."""
        return self in (ReviewState.OPEN, ReviewState.NEEDS_SECOND)


class Ruling(Document):
    """What a person decided about an earlier run, for the run that carries it out.

    ``approve``: deliver what that run made, enlarged first where the recipe asks for it. ``original``: deliver the
    upload as it came.
    """

    verdict: Literal["approve", "original"]
    who: str
    name: str


OVERDUE = 0
"""The rank of what nobody decided in time."""


def risk_rank(rule: str, policy: Policy) -> int:
    """Order reviews by what is at stake, the lowest first.

    A face, a text, a logo or a code that was touched comes before what is only doubtful; that before what a recipe
    shows to people in any case; last what was delivered already.
    """
    if rule == AUDIT:
        return 4
    if rule.startswith("guard-") or rule == "nothing-outside-the-mask":
        return 1
    return 3 if policy.review == "always" or rule == "generated" else 2
