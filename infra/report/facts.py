"""What two runs have in common and what not: the rows of a comparison, for a terminal and for a page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas.comparing import changes, flat, made, made_by, paired
from schemas.http.replays import RunStages, StageShown
from schemas.ids import canonical_json
from schemas.records import StageFacts

_OF_THE_RUN = {"key", "recipe", "recipe_sha256", "attempt"}
_OF_ITS_OUTCOME = {"status", "code", "rule", "confidence", "reason"}
_LONGEST = 80


class Row(NamedTuple):
    """One fact of both runs, in words; ``None`` where a run has no such fact."""

    what: str
    one: str | None
    other: str | None

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.one == self.other


class Section(NamedTuple):
    """One stage of both runs, or what is said of the runs as a whole."""

    name: str
    rows: list[Row]
    missing: str = ""
    """Said of a stage that only one of the runs has."""

    @property
    def same(self) -> bool:
        """Whether nothing that counts is otherwise; how long it took does not."""
        return not self.missing and all(row.same for row in self.rows if row.what != "seconds")


def sections(one: RunStages, other: RunStages, *, everything: bool = False) -> list[Section]:
    """Lay two runs side by side: the runs, then their stages in the order of the first.

    Parameters
    ----------
    everything
        What is the same as well, and how long each stage took.
    """
    found = [Section("run", _rows(_run(one), _run(other), everything))]
    counted: dict[str, int] = {}
    for left, right in paired(one.stages, other.stages):
        facts = left or right
        if facts is None:
            continue
        number = counted[facts.stage] = counted.get(facts.stage, 0) + 1
        name = facts.stage.value if number == 1 else f"{facts.stage.value} {number}"
        missing = "" if left and right else f"Only the {'first' if left else 'second'} run has it."
        rows = [] if missing and not everything else _rows(_stage(left), _stage(right), everything)
        found.append(Section(name, rows + (_seconds(left, right) if everything else []), missing))
    return found


def _run(run: RunStages) -> dict[str, Any]:
    facts = run.model_dump(mode="json", include=_OF_THE_RUN)
    outcome = run.outcome.model_dump(mode="json", exclude_none=True, include=_OF_ITS_OUTCOME) if run.outcome else {}
    return flat({**facts, "outcome": outcome})


def _stage(facts: StageFacts | None) -> dict[str, Any]:
    return {**made_by(facts), **made(facts)} if facts else {}


def _rows(one: Mapping[str, Any], other: Mapping[str, Any], everything: bool) -> list[Row]:
    names = sorted({*one, *other}) if everything else [change.what for change in changes(one, other)]
    return [Row(name, _words(one.get(name)), _words(other.get(name))) for name in names]


def _seconds(*both: StageFacts | None) -> list[Row]:
    one, other = (f"{each.wall_seconds:.2f}" if isinstance(each, StageShown) else None for each in both)
    return [Row("seconds", one, other)]


def _words(value: Any) -> str | None:
    """Write a value for people: hashes by their beginning, numbers as they are."""
    if value is None:
        return None
    text = value if isinstance(value, str) else canonical_json(value)
    is_hash = len(text) == 64 and set(text) <= set("0123456789abcdef")
    if is_hash:
        return f"{text[:12]}…"
    if len(text) <= _LONGEST:
        return text
    return f"…{text[1 - _LONGEST :]}" if text.startswith("s3://") else f"{text[: _LONGEST - 1]}…"
