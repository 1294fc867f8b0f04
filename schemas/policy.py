"""When to deliver, when to ask a person: pure rules, each of which can say its reason."""

from enum import StrEnum

from pydantic import Field

from schemas.pointers import Document
from schemas.signals import Signals


class Route(StrEnum):
    """Where a finished picture goes."""

    AUTO = "auto"
    REVIEW = "review"


class Permission(Document):
    """What a recipe's policy lets a model do. It travels with the request; the model's stage checks its card by it."""

    invent: bool = Field(default=True, description="make content that was never photographed")
    non_commercial: bool = Field(default=True, description="have a licence that forbids commercial use")


UNRESTRICTED = Permission()


class Policy(Document):
    """The recipe's rules.

    ``review: always`` sends everything to people, ``never`` sends only what a hard rule catches. ``conservative``
    forbids models that invent content or may not be used commercially, and lets a generated scene pass to people only.
    """

    deliver_above: float = Field(default=0.6, ge=0, le=1)
    max_mask_share: float = Field(default=0.35, gt=0, le=1)
    review: str = Field(default="by-score", pattern="^(by-score|always|never)$")
    conservative: bool = False


class Decision(Document):
    """A route, with the rule that chose it and the reason in words."""

    route: Route
    rule: str
    reason: str


def decide(policy: Policy, signals: Signals | None, confidence: float | None) -> Decision:
    """Choose the route. Hard rules come first and cannot be switched off.

    Parameters
    ----------
    policy
        The recipe's rules.
    signals
        From the last assessment; ``None`` when nothing was edited.
    confidence
        Share of careful people who would accept, 0..1; ``None`` when the assessment could not say.
    """
    if signals and signals.changed_outside_mask:
        reason = f"{signals.changed_outside_mask} pixels changed outside the mask."
        return Decision(route=Route.REVIEW, rule="nothing-outside-the-mask", reason=reason)
    if signals and signals.mask_share > policy.max_mask_share:
        share, limit = signals.mask_share, policy.max_mask_share
        reason = f"The mask covers {share:.0%} of the picture; the recipe allows {limit:.0%}."
        return Decision(route=Route.REVIEW, rule="mask-share", reason=reason)
    if policy.review == "always":
        return Decision(
            route=Route.REVIEW, rule="review-always", reason="The recipe asks a person about every picture."
        )
    if policy.review == "never":
        return Decision(route=Route.AUTO, rule="review-never", reason="The recipe delivers without asking a person.")
    if confidence is None:
        return Decision(route=Route.REVIEW, rule="confidence-unknown", reason="The assessment gave no confidence.")
    if confidence < policy.deliver_above:
        reason = f"Confidence {confidence:.2f} is below {policy.deliver_above:.2f}."
        return Decision(route=Route.REVIEW, rule="confidence-below-threshold", reason=reason)
    reason = f"Confidence {confidence:.2f} reaches {policy.deliver_above:.2f}."
    return Decision(route=Route.AUTO, rule="confidence-reached", reason=reason)
