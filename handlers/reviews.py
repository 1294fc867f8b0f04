"""Reviews: a person's work item, written down together with the outcome of the run that ends with it."""

from handlers.aws import events, records
from handlers.observability import count
from schemas.audit import AUDIT, is_audited
from schemas.records import Outcome, ReviewRecord, now
from schemas.run import RunState
from schemas.stage import Stage


def ask_a_person(state: RunState, outcome: Outcome) -> bool:
    """Open a review and end the run, unless another run has taken over.

    Nothing waits for the verdict: a review outlives deployments and restarts (rule 1). It is announced once it is
    written down.

    Returns
    -------
    bool
        Whether this outcome is now the asset's.
    """
    review = _review(state, outcome, outcome.rule or outcome.code, outcome.reason)
    opened = records.conclude(state.run.asset_id, state.run.run_id, outcome, review)
    if opened:
        count("ReviewsOpened")
        events.announce(review, state.run.recipe.reference)
    return opened


def audit_of(state: RunState, outcome: Outcome) -> ReviewRecord | None:
    """Make the work item for a delivery that people look at as well; ``None`` for all others.

    It is the only sample of deliveries that no score has chosen, and so what a confidence is measured by.
    """
    share = state.run.recipe.policy.audit_share
    if not is_audited(state.run.run_id, share):
        return None
    reason = f"Delivered, and one of the {share:.1%} of deliveries that people look at too. {outcome.reason}"
    return _review(state, outcome, AUDIT, reason)


def _review(state: RunState, outcome: Outcome, rule: str, reason: str) -> ReviewRecord:
    run = state.run
    return ReviewRecord(
        asset_id=run.asset_id,
        run_id=run.run_id,
        opened_at=now(),
        rule=rule,
        reason=reason,
        confidence=outcome.confidence,
        findings=outcome.findings,
        prompt=run.recipe.prompt,
        before=run.source,
        after=state.latest_image,
        mask=state.output(Stage.MASK, "mask"),
    )
