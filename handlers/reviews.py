"""Reviews: a person's work item, written down together with the outcome of the run that ends with it."""

from datetime import timedelta

from handlers.aws import events, records
from handlers.aws import reviews as kept
from handlers.aws.table import Write
from handlers.observability import count
from schemas.audit import AUDIT, is_audited
from schemas.records import Deadline, Outcome, ReviewRecord, now
from schemas.review import ReviewState, risk_rank
from schemas.run import RunState
from schemas.stage import Stage
from schemas.trail import TrailEntry


def ask_a_person(state: RunState, outcome: Outcome) -> bool:
    """Open a review and end the run, unless another run has taken over.

    Nothing waits for the verdict: a review outlives deployments and restarts (rule 1). It is announced once it is
    written down.

    Returns
    -------
    bool
        Whether this outcome is now the asset's.
    """
    review = review_of(state, outcome, outcome.rule or outcome.code, outcome.reason)
    if state.run.trial:
        return _show_trial(review, state, outcome)
    opened = records.conclude(state.run.asset_id, state.run.run_id, outcome, opening(review, state))
    if opened:
        count("ReviewsOpened")
        events.announce(review)
    return opened


def _show_trial(review: ReviewRecord, state: RunState, outcome: Outcome) -> bool:
    """Keep what a trial made where reviews lie, for it is shown in the same way; nobody is asked about it."""
    shown = review.model_copy(update={"state": ReviewState.TRIAL, "expires_at": None})
    ended = records.end_trial(state.run.asset_id, state.run.run_id, outcome, opening(shown, state))
    if ended:
        events.announce(shown)  # for its pictures: nobody gets a mail of a trial
    return ended


def audit_of(state: RunState, outcome: Outcome) -> ReviewRecord | None:
    """Make the work item for a delivery that people look at as well; ``None`` for all others.

    It is the only sample of deliveries that no score has chosen, and so what a confidence is measured by. What a person
    ruled on before is not shown to people again.
    """
    share = state.run.recipe.policy.audit_share
    if state.run.ruling is not None or not is_audited(state.run.run_id, share):
        return None
    reason = f"Delivered, and one of the {share:.1%} of deliveries that people look at too. {outcome.reason}"
    return review_of(state, outcome, AUDIT, reason)


def opening(review: ReviewRecord, state: RunState) -> list[Write]:
    """Write down a work item with its deadline and the beginning of its trail, for `table.transact`."""
    entry = TrailEntry.of(review, "opened", review.opened_at, why=review.reason[:1000], seen=review.seen)
    return kept.opening(review, state, _deadline(review, state), entry)


def review_of(state: RunState, outcome: Outcome, rule: str, reason: str) -> ReviewRecord:
    """Make the work item for a run, however far it got."""
    run, opened = state.run, now()
    expiry = run.recipe.policy.expiry
    return ReviewRecord(
        asset_id=run.asset_id,
        run_id=run.run_id,
        opened_at=opened,
        rank=risk_rank(rule, run.recipe.policy),
        recipe=run.recipe.reference,
        name=run.source.key.rpartition("/")[2][:200],
        attempt=run.attempt,
        parent=run.redo_of,
        expires_at=opened + timedelta(days=expiry.after_days) if expiry else None,
        rule=rule,
        reason=reason,
        confidence=outcome.confidence,
        findings=outcome.findings,
        prompt=run.recipe.prompt,
        before=run.source,
        after=state.latest_image,
        mask=state.output(Stage.MASK, "mask"),
    )


def _deadline(review: ReviewRecord, state: RunState) -> Deadline | None:
    expiry = state.run.recipe.policy.expiry
    if expiry is None or review.expires_at is None:
        return None
    reminds = expiry.remind_after_days
    due = review.opened_at + timedelta(days=reminds) if reminds else review.expires_at
    return Deadline(asset_id=review.asset_id, run_id=review.run_id, due_at=due, does="remind" if reminds else "end")
