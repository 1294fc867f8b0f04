"""A replay: a recorded run done again, and what of it came out the same. Pure rules over the records of both."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from schemas.comparing import DECIDING, Change, changes, made, made_by, paired
from schemas.given import Given
from schemas.pointers import Document
from schemas.records import Moment, RunRecord, StageFacts, StageRecord
from schemas.run import Run
from schemas.stage import Stage

Sameness = Literal["identical", "differs", "follows", "not-repeated", "not-reached", "new"]
"""``follows``: it differs, and so does what it was given. ``new``: the run before had no such stage."""
_MOST = 40
"""Changes kept of one stage: a picture in which all is otherwise needs no longer list."""


class StageReplay(Document):
    """One stage of the run, and what became of it when it was done again."""

    stage: str = Field(description="of the chain; or `review`, which people did")
    number: int = Field(default=1, ge=1, description="which time, of a stage that ran several times with other models")
    sameness: Sameness
    model: str | None = Field(default=None, description="`name@version` that did it the first time")
    made: list[Change] = Field(default=[], max_length=_MOST, description="what came out otherwise")
    because: list[Change] = Field(
        default=[], max_length=_MOST, description="what was otherwise about how it was made; not always a reason"
    )
    note: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing speaks against it."""
        return self.sameness in ("identical", "not-repeated")


class Replay(Document):
    """What a replay found out, written down when it ended."""

    asset_id: str
    run_id: str = Field(description="of the replay")
    replay_of: str = Field(description="the run that was done again")
    ended_at: Moment
    identical: bool = Field(description="whether every stage that was repeated made the same bytes")
    reason: str = Field(description="one sentence for people")
    stages: list[StageReplay] = Field(default=[], max_length=100)


def why_not_replay(record: RunRecord) -> str | None:
    """Say why a run cannot be done again as it was; ``None`` where it can."""
    if record.run.replay_of is not None:
        return f"This run is a replay itself; replay `{record.run.replay_of}`."
    if record.run.trial:
        return "This run only tried something out; replay the run that it was done for good in."
    return None if record.outcome else "This run is still under way."


def replay_order(run: Run) -> Run:
    """Order a run again: the same picture, mask, marks, recipe and seed, to the version; nothing is found again.

    It changes nothing of the asset, tells nobody and delivers nothing.
    """
    given = run.given | Given(trial=True, cache=False, replay_of=run.run_id, callback=None, tags={}, batch=None)
    return Run.plan(run.asset_id, run.source, run.recipe, **given)


def compare_stages(
    before: Sequence[StageRecord], after: Sequence[StageRecord], *, failure: str | None = None
) -> list[StageReplay]:
    """Say of each stage of a run whether its replay made the same.

    Parameters
    ----------
    before, after
        Records of both runs, in the order of their start.
    failure
        Why the replay came no further, where something failed.
    """
    counted: dict[Stage, int] = {}
    found: list[StageReplay] = []
    otherwise: set[str] = set()
    for old, new in paired(before, after):
        facts = old or new
        if facts is None:
            continue
        counted[facts.stage] = counted.get(facts.stage, 0) + 1
        each = _one(old, new, otherwise, failure).model_copy(update={"number": counted[facts.stage]})
        found.append(each)
    return found


def _one(old: StageFacts | None, new: StageFacts | None, otherwise: set[str], failure: str | None) -> StageReplay:
    """Compare a stage with itself; ``otherwise`` collects the files that came out otherwise so far."""
    if old is None or new is None:
        return _alone(old, new, failure)
    result = changes(made(old), made(new))
    because = [each for each in changes(made_by(old), made_by(new)) if not _unsaid(each, old)]
    otherwise |= {change.before for change in result if change.what.startswith("outputs.") and change.before}
    given = [change.before for change in because if change.what.startswith("inputs.")]
    inherited = bool(otherwise.intersection(given)) or (old.stage in DECIDING and bool(otherwise))
    sameness: Sameness = "identical" if not result else "follows" if inherited else "differs"
    return StageReplay(
        stage=old.stage,
        sameness=sameness,
        model=_model(old),
        made=result[:_MOST],
        because=because[:_MOST],
        note="" if because or not result else "Nothing that is recorded of it is otherwise.",
    )


def _unsaid(change: Change, old: StageFacts) -> bool:
    """Whether it is only that older deployments did not write down what computed."""
    named = change.what.partition(".")[0]
    return (
        change.before is None
        and old.model is None
        and (named == "device" or (named == "libraries" and not old.libraries))
    )


def _alone(old: StageFacts | None, new: StageFacts | None, failure: str | None) -> StageReplay:
    if old is None:
        stage = new.stage if new else Stage.ROUTE
        return StageReplay(stage=stage, sameness="new", model=_model(new), note="The run had no such stage.")
    if old.stage is Stage.DELIVER:
        return StageReplay(stage=old.stage, sameness="not-repeated", note="A replay delivers nothing.")
    note = failure or "The replay went another way before it."
    return StageReplay(stage=old.stage, sameness="not-reached", model=_model(old), note=note)


def _model(facts: StageFacts | None) -> str | None:
    return f"{facts.model.name}@{facts.model.version}" if facts and facts.model else None
