"""The rules over what was measured, in their order. Each is pure, looks at one thing, and can say its reason."""

from collections.abc import Callable, Sequence

from schemas.finding import Change, Finding, Guard
from schemas.pointers import Document
from schemas.policy import Decision, Policy, ask, let_pass
from schemas.run import StageSummary
from schemas.signals import Signals


class Evidence(Document):
    """What is known of an output.

    ``signals`` is ``None`` when nothing was edited; ``confidence`` is the share of careful people who would accept,
    0..1, and ``None`` where the assessment could not say, for the reason in ``unknown_because``.
    """

    signals: Signals | None = None
    findings: list[Finding] = []
    confidence: float | None = None
    unknown_because: str | None = None

    @classmethod
    def of(cls, assessments: Sequence[StageSummary]) -> "Evidence":
        """Gather what assessments say, the one at native size first, whose signals tell of the edit.

        What a guard found counts from every one. The lowest confidence counts, and there is none where one of them
        could not say: a fine enlargement cannot make up for a poor edit.
        """
        known = [each.confidence for each in assessments if each.confidence is not None]
        return cls(
            signals=assessments[0].signals if assessments else None,
            findings=[finding for each in assessments for finding in each.findings],
            confidence=min(known) if known and len(known) == len(assessments) else None,
            unknown_because=next((each.unknown_because for each in assessments if each.unknown_because), None),
        )


Rule = Callable[[Policy, Evidence], Decision | None]

_NOUN = {Guard.TEXT: "text", Guard.FACES: "a face", Guard.LOGOS: "a registered logo", Guard.CODES: "a code"}
_VERB = {
    Change.TOUCHED: "is touched",
    Change.CHANGED: "was changed",
    Change.INVENTED: "was invented",
    Change.LOST: "can no longer be read",
    Change.REMAINS: "is still there",
    Change.UNCHECKED: "could not be looked for",
}


def decide(policy: Policy, evidence: Evidence) -> Decision:
    """Let the first rule decide that has something to say. Hard rules come first, and no score outweighs them."""
    for rule in (*HARD_RULES, *SOFT_RULES):
        decision = rule(policy, evidence)
        if decision is not None:
            return decision
    return let_pass("confidence-reached", f"Confidence {evidence.confidence:.2f} reaches {policy.deliver_above:.2f}.")


def nothing_outside_the_mask(_policy: Policy, evidence: Evidence) -> Decision | None:
    """No pixel may change where nothing was to be changed."""
    changed = evidence.signals.changed_outside_mask if evidence.signals else 0
    return ask("nothing-outside-the-mask", f"{changed} pixels changed outside the mask.") if changed else None


def mask_share(policy: Policy, evidence: Evidence) -> Decision | None:
    """What covers much of a picture is a new picture."""
    share = evidence.signals.mask_share if evidence.signals else 0
    if share <= policy.max_mask_share:
        return None
    return ask(
        "mask-share", f"The mask covers {share:.0%} of the picture; the recipe allows {policy.max_mask_share:.0%}."
    )


def guarded(policy: Policy, evidence: Evidence) -> Decision | None:
    """What a guard found goes to a person, unless the recipe switched that guard off."""
    found = [finding for finding in evidence.findings if finding.guard in policy.active_guards]
    if not found:
        return None
    first = found[0]
    others = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    place = f" at {first.box.x},{first.box.y}" if first.box else ""
    subject = _NOUN[first.guard].capitalize()
    reason = f"{subject} {_VERB[first.change]}{place}: {first.detail.rstrip('.')}{others}."
    return ask(f"guard-{first.guard}", reason, found)


def review_always(policy: Policy, _evidence: Evidence) -> Decision | None:
    """The recipe wants a person to look at every picture."""
    return ask("review-always", "The recipe asks a person about every picture.") if policy.review == "always" else None


def review_never(policy: Policy, _evidence: Evidence) -> Decision | None:
    """The recipe takes the responsibility for scores; what a hard rule catches has been caught before."""
    if policy.review != "never":
        return None
    return let_pass("review-never", "The recipe delivers without asking a person.")


def confidence_unknown(_policy: Policy, evidence: Evidence) -> Decision | None:
    """Nobody can say how good it is."""
    if evidence.confidence is not None:
        return None
    return ask("confidence-unknown", evidence.unknown_because or "The assessment gave no confidence.")


def confidence_below_threshold(policy: Policy, evidence: Evidence) -> Decision | None:
    """It is probably not good enough."""
    if evidence.confidence is None or evidence.confidence >= policy.deliver_above:
        return None
    reason = f"Confidence {evidence.confidence:.2f} is below {policy.deliver_above:.2f}."
    return ask("confidence-below-threshold", reason)


HARD_RULES: Sequence[Rule] = (nothing_outside_the_mask, mask_share, guarded)
SOFT_RULES: Sequence[Rule] = (review_always, review_never, confidence_unknown, confidence_below_threshold)


def too_dear(policy: Policy, dollars: float | None, what: str = "It") -> Decision | None:
    """What costs more than the recipe allows waits for a person. What nobody knows the price of is not held back.

    ``what`` begins the sentence that gives the reason.
    """
    if policy.max_cost is None or dollars is None or dollars <= policy.max_cost:
        return None
    return ask("max-cost", f"{what} would cost about ${dollars:.4f}; the recipe allows ${policy.max_cost:.4f}.")


NOT_MEASURED = ask("not-measured", "The edit was not measured, so no rule can vouch for it.")
"""For an edit without an assessment, whatever the recipe says."""
A_MODEL_MAY_HELP = frozenset({"confidence-unknown", "confidence-below-threshold"})
"""Rules after which another model is worth a try: of a guard's find, a person has to be told in any case."""
