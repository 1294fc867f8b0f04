"""A verdict and what follows from it: written down together, all or nothing, by whoever is first."""

from typing import NamedTuple

from handlers import orders, verdicts, withdrawing
from handlers.api.errors import Conflict
from handlers.aws import records, table
from handlers.aws import reviews as kept
from handlers.aws import verdicts as labels
from handlers.aws.items import trail_item
from handlers.holding import check_free, current_asset, lost_race, state_behind
from handlers.observability import count
from schemas.asset import Status
from schemas.audit import AUDIT
from schemas.consequence import Next, consequence
from schemas.given import Given
from schemas.recipe import Recipe
from schemas.records import AssetRecord, Outcome, ReviewRecord, now
from schemas.review import Person, ReviewState
from schemas.run import Run, RunState
from schemas.trail import Deed, TrailEntry
from schemas.verdict import Opinion, Verdict
from schemas.withdrawal import WithdrawalOrder


class Decided(NamedTuple):
    """A verdict, how the review stands after it, and the run that carries it out."""

    verdict: Verdict
    state: ReviewState
    next_run: str | None = None


def decide(review: ReviewRecord, opinion: Opinion, person: Person) -> Decided:
    """Take a verdict. Said twice alike it is taken once.

    Raises
    ------
    Conflict
        ``already_judged``, ``same_person``, ``decided``, ``claimed`` or ``superseded``.
    BadInput
        ``nothing_to_approve``.
    """
    if said := labels.find(review.run_id, person.who):
        return _said_before(review, said, opinion)
    check_free(review, person)
    asset, state = current_asset(review), state_behind(review)
    step = consequence(state, review.rule, opinion, person)
    verdict = verdicts.verdict_on(review, opinion, person)
    if _needs_second(review, state, opinion):
        entry = deed(review, "approved-first", person, opinion)
        writes = kept.changing(review, person, ReviewState.NEEDS_SECOND, entry, first=person.model_dump())
        _write([*writes, labels.putting(verdict)], review, person)
        return Decided(verdict, ReviewState.NEEDS_SECOND)
    run = _run(state.run, step, asset) if step else None
    entry = deed(review, "approved" if opinion.verdict == "approve" else "rejected", person, opinion, run)
    changes = {"decided_by": person.model_dump(), **({"next_run": run.run_id} if run else {})}
    writes = [*kept.changing(review, person, ReviewState.DECIDED, entry, **changes), labels.putting(verdict)]
    if run:
        with lost_race(review, person):
            orders.launch(run, asset.size_bytes, replaces=asset, also=writes)
    else:
        _without_a_run(asset, opinion, person, writes, review)
    count("ReviewsDecided")
    return Decided(verdict, ReviewState.DECIDED, run.run_id if run else None)


def deed(
    review: ReviewRecord, what: Deed, person: Person, opinion: Opinion | None = None, run: Run | None = None
) -> TrailEntry:
    """Describe for the trail what a person did, with what they saw."""
    said = [opinion.reason, opinion.comment] if opinion else []
    why = ": ".join(part for part in said if part) or None
    next_run = run.run_id if run else None
    return TrailEntry.of(review, what, now(), by=person, why=why, seen=review.seen, next_run=next_run)


def _said_before(review: ReviewRecord, said: Verdict, opinion: Opinion) -> Decided:
    if review.state is ReviewState.NEEDS_SECOND:
        raise Conflict("You approved this already; a second person must look at it.", code="same_person")
    if said.opinion != opinion:
        moment = said.given_at.strftime("%Y-%m-%d %H:%M UTC")
        message = f"You gave a verdict on this run before: {said.opinion.verdict}, {moment}."
        raise Conflict(message, code="already_judged")
    return Decided(said, review.state, review.next_run)


def _needs_second(review: ReviewRecord, state: RunState, opinion: Opinion) -> bool:
    asks_two = state.run.recipe.policy.four_eyes and review.rule != AUDIT
    return asks_two and opinion.verdict == "approve" and review.first is None


def _run(before: Run, step: Next, asset: AssetRecord) -> Run:
    return run_after(before, before.recipe, before.given | Given(entry=step.entry, ruling=step.ruling), asset)


def run_after(before: Run, recipe: Recipe, given: Given, asset: AssetRecord, *, trial: bool = False) -> Run:
    """Plan the run that follows from a verdict on another, under a name that no run has yet."""
    given = given | Given(parent=before.run_id, trial=trial)
    run = Run.plan(asset.asset_id, before.source, recipe, attempt=asset.attempt + 1, **given)
    while records.find_run(asset.asset_id, run.run_id):
        run = run.again()
    return run


def _without_a_run(
    asset: AssetRecord, opinion: Opinion, person: Person, writes: list[table.Write], review: ReviewRecord
) -> None:
    """Give a rejected asset its outcome: what was delivered already is taken back, and what was found good stays."""
    if opinion.verdict == "approve":
        _write(writes, review, person)
    elif review.rule == AUDIT:
        taken = withdrawing.withdrawn(asset, WithdrawalOrder(reason="quality"), person)
        entry = withdrawing.entry_of(taken, str(opinion.reason), person)
        _write([*writes, records.replacing(taken, asset), table.put(trail_item(entry))], review, person)
        withdrawing.pass_on(taken)
    else:
        reason = f"Rejected by {person.name}{f': {opinion.reason}' if opinion.reason else ''}."
        _write([*writes, rejecting(asset, reason)], review, person)


def rejecting(asset: AssetRecord, reason: str) -> table.Write:
    """Write down that nothing of an asset is delivered, for `table.transact`."""
    before = asset.outcome
    outcome = Outcome(status=Status.REJECTED, code="rejected", reason=reason, cost=before.cost if before else None)
    changes = {"status": Status.REJECTED, "outcome": outcome, "updated_at": now()}
    return records.replacing(asset.model_copy(update=changes), asset)


def _write(writes: list[table.Write], review: ReviewRecord, person: Person) -> None:
    with lost_race(review, person):
        if not table.transact(writes, "recording a verdict"):
            raise records.conflict()
