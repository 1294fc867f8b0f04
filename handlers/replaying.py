"""Replays: a recorded run is ordered again, and what came of it is compared with what is written down."""

from handlers import orders
from handlers.aws import records, replays, reviews
from handlers.aws.reviews import keeping
from handlers.observability import count, logger
from handlers.prices import cost_of
from schemas.asset import Status
from schemas.conclude import outcome_of
from schemas.entry import KEPT
from schemas.errors import BadInput
from schemas.events import StateMachineError
from schemas.records import Outcome, ReviewRecord, RunRecord, now
from schemas.replay import Replay, StageReplay, compare_stages, replay_order, why_not_replay
from schemas.run import Run, RunState
from schemas.stage import Stage


def replay(record: RunRecord) -> Run:
    """Order a run again, under a name that no run has yet. The asset and its standing are left alone.

    Raises
    ------
    BadInput
        ``not_replayable`` for a run that is under way, that only tried something out, or that is a replay itself.
    PermanentFailure
        ``no_parent_state`` if it began with what another run had made, of which nothing is left.
    """
    if reason := why_not_replay(record):
        raise BadInput(reason, code="not_replayable")
    run = replay_order(record.run)
    while records.find_run(run.asset_id, run.run_id):
        run = run.again()
    orders.try_out(run)
    return run


def conclude(state: RunState, error: StateMachineError | None) -> Outcome:
    """Write down what a replay found out, when it has come as far as it could. Done again, it changes nothing."""
    run = state.run
    failed = outcome_of(error) if error else None
    found = _compared(state, failed.reason if failed else None)
    status, code = (Status.FAILED, failed.code) if failed else (Status.SUPERSEDED, "replayed")
    outcome = Outcome(status=status, code=code, reason=found.reason, cost=cost_of(state))
    if records.end_trial(run.asset_id, run.run_id, outcome, [replays.putting(found), keeping(state)]):
        count("ReplaysIdentical" if found.identical else "ReplaysDiffering")
        logger.info("replayed", extra={"run_id": run.run_id, "replay_of": run.replay_of, "identical": found.identical})
    return outcome


def _compared(state: RunState, failure: str | None) -> Replay:
    run, before = state.run, state.run.replay_of or ""
    old, new = records.stages_of(run.asset_id, before), records.stages_of(run.asset_id, run.run_id)
    stages = [*_kept(state), *compare_stages(old, new, failure=failure), *_people(reviews.find(run.asset_id, before))]
    return Replay(
        asset_id=run.asset_id,
        run_id=run.run_id,
        replay_of=before,
        ended_at=now(),
        identical=bool(old) and failure is None and all(stage.is_good for stage in stages),
        reason=_reason(stages, failure) if old else "Nothing is written down of the stages of that run.",
        stages=stages,
    )


def _kept(state: RunState) -> list[StageReplay]:
    """Stages that the run did not do itself: it began with what its parent had made."""
    run = state.run
    if run.entry is Stage.INSPECT or run.parent is None:
        return []
    note = f"It began with what run `{run.parent}` had made; replay that one."
    kept = [stage for stage in KEPT.get(run.entry, ()) if stage in state.results]
    return [StageReplay(stage=stage, sameness="not-repeated", note=note) for stage in kept]


def _people(review: ReviewRecord | None) -> list[StageReplay]:
    if review is None:
        return []
    who = f", by {review.decided_by.name}" if review.decided_by else ""
    note = f"People are not asked again: {review.state.replace('_', ' ')}{who}."
    return [StageReplay(stage="review", sameness="not-repeated", note=note)]


def _reason(stages: list[StageReplay], failure: str | None) -> str:
    repeated = [stage for stage in stages if stage.sameness != "not-repeated"]
    same = sum(stage.is_good for stage in repeated)
    if failure:
        return f"The replay came no further: {failure}"
    first = next((stage for stage in repeated if not stage.is_good), None)
    if first is None:
        return f"All {same} stages that were repeated are identical."
    return f"{same} of {len(repeated)} stages are identical; the first that is not is `{first.stage}`."
