"""Reviews: a person's work item, written down together with the outcome of the run that ends with it."""

from handlers.aws import records
from handlers.observability import count
from schemas.records import Outcome, ReviewRecord, now
from schemas.run import RunState
from schemas.stage import Stage


def ask_a_person(state: RunState, outcome: Outcome) -> bool:
    """Open a review and end the run, unless another run has taken over.

    Nothing waits for the verdict: a review outlives deployments and restarts (rule 1).

    Returns
    -------
    bool
        Whether this outcome is now the asset's.
    """
    run = state.run
    review = ReviewRecord(
        asset_id=run.asset_id,
        run_id=run.run_id,
        opened_at=now(),
        rule=outcome.rule or outcome.code,
        reason=outcome.reason,
        confidence=outcome.confidence,
        prompt=run.recipe.prompt,
        before=run.source,
        after=state.latest_image,
        mask=state.output(Stage.MASK, "mask"),
    )
    opened = records.conclude(run.asset_id, run.run_id, outcome, review)
    if opened:
        count("ReviewsOpened")
    return opened
