"""The recipe's rules, as people write them. What they decide stands in ``schemas.rules``."""

from enum import StrEnum
from typing import Literal

from pydantic import AliasChoices, Field, model_validator

from schemas.finding import Finding, Guard
from schemas.names import ModelName
from schemas.pointers import Document

MOST_TRIALS = 3
"""Models that may be tried after the first: each costs a whole repair, and none is known to help after that."""


class Route(StrEnum):
    """Where a finished picture goes."""

    AUTO = "auto"
    REVIEW = "review"


class Permission(Document):
    """What a recipe's policy lets a model do. It travels with the request; the model's stage checks its card by it."""

    invent: bool = Field(default=True, description="make content that was never photographed")
    non_commercial: bool = Field(default=True, description="have a licence that forbids commercial use")


UNRESTRICTED = Permission()


class Fallbacks(Document):
    """Other models for a fill that is not trusted, in the order in which they are tried."""

    models: list[ModelName] = Field(min_length=1, max_length=10, validation_alias=AliasChoices("try", "models"))
    at_most: int = Field(default=1, ge=1, le=MOST_TRIALS, description="how many of them one run may try")


class Expiry(Document):
    """What becomes of a review that nobody decides. ``keep``: it waits on, and is looked at before all others."""

    remind_after_days: int | None = Field(default=None, ge=1, le=365)
    after_days: int = Field(ge=1, le=3650)
    then: Literal["keep", "reject"] = "keep"

    @model_validator(mode="after")
    def _reminds_before_it_ends(self) -> "Expiry":
        if self.remind_after_days is not None and self.remind_after_days >= self.after_days:
            raise ValueError("`remind_after_days` comes before `after_days`")
        return self


class Policy(Document):
    """The recipe's rules.

    ``review: always`` sends everything to people, ``never`` sends only what a hard rule catches. ``conservative``
    forbids models that invent content or may not be used commercially, and lets a generated scene pass to people only;
    it switches no guard off.
    """

    deliver_above: float = Field(default=0.6, ge=0, le=1, description="least confidence that needs no person")
    max_mask_share: float = Field(default=0.35, gt=0, le=1, description="a larger mask goes to a person")
    review: Literal["by-score", "always", "never"] = "by-score"
    conservative: bool = False
    guards: dict[Guard, bool] = Field(default={}, description="those that are switched off; all others look")
    on_low_confidence: Fallbacks | None = None
    audit_share: float = Field(default=0.02, ge=0, le=1, description="share of deliveries that people look at too")
    max_cost: float | None = Field(default=None, gt=0, description="US dollars that an asset may cost")
    rights: Literal["required", "not-needed"] = Field(
        default="not-needed", description="whether somebody must state that they own the picture or may edit it"
    )
    four_eyes: bool = Field(default=False, description="whether two people must approve, never the same one twice")
    expiry: Expiry | None = Field(default=None, description="what becomes of a review that nobody decides")

    @model_validator(mode="after")
    def _conservative_only_adds(self) -> "Policy":
        off = [guard for guard, on in self.guards.items() if not on]
        if self.conservative and off:
            raise ValueError(f"a conservative recipe switches no guard off; it has `{off[0]}: false`")
        return self

    @property
    def active_guards(self) -> list[Guard]:
        """The guards that look, in their order."""
        return [guard for guard in Guard if self.guards.get(guard, True)]


class Decision(Document):
    """A route, with the rule that chose it, the reason in words, and what was found where."""

    route: Route
    rule: str
    reason: str
    findings: list[Finding] = []


def ask(rule: str, reason: str, findings: list[Finding] | None = None) -> Decision:
    """Send to a person."""
    return Decision(route=Route.REVIEW, rule=rule, reason=reason, findings=findings or [])


def let_pass(rule: str, reason: str) -> Decision:
    """Deliver without a person."""
    return Decision(route=Route.AUTO, rule=rule, reason=reason)
