"""By what a run is found again: its models, its recipe, its reviewers, its day. Pure; nothing here is the record."""

from collections.abc import Iterable
from typing import NamedTuple

from pydantic import Field

from schemas.asset import Status
from schemas.descent import Part
from schemas.ids import digest
from schemas.pointers import Document, Sha256
from schemas.provenance import TracedStage
from schemas.records import Moment, timestamp
from schemas.review import Person
from schemas.stage import ModelUse, Stage

_STRONGEST: tuple[Part, ...] = ("made", "chose", "measured", "tried")
"""What is said of a model that did several things: one that left pixels in the picture made it."""


class ModelPart(Document):
    """One version of a model, with its weights, and what it had to do with a run's result."""

    name: str
    version: str
    weights: list[Sha256] = Field(default=[], description="of its weight files; none where a method has none")
    stages: list[Stage]
    part: Part


class FoundRun(Document):
    """A run as it is found: how it stands, and by what it was found. The run itself tells the rest."""

    asset_id: str
    run_id: str
    key: str = Field(description="of the upload, in the inbox")
    recipe: str = Field(description="`name@version`")
    recipe_sha256: Sha256
    at: Moment = Field(description="when it ended; UTC")
    status: Status = Field(description="how it ended; of an asset's current run, how the asset stands")
    current: bool = Field(description="whether it is the run that its asset stands by")
    delivered: list[str] = Field(default=[], description="keys in the delivery bucket")
    model: ModelPart | None = Field(default=None, description="where it was found by a model or its weights")
    reviewer: Person | None = Field(default=None, description="where it was found by a person")


class Fact(NamedTuple):
    """What a run can be found by. ``version`` orders what one name has several of."""

    kind: str
    value: str
    version: str = ""

    @property
    def partition(self) -> str:
        """Where in the index all runs lie that have it in common, whatever their version."""
        return f"BY_{self.kind}#{self.value}"


def by_model(name: str, version: str = "") -> Fact:
    """All runs of a model, or of one version of it."""
    return Fact("MODEL", name, version)


def by_weights(sha256: str) -> Fact:
    """All runs of a weight file, whatever its model is called."""
    return Fact("WEIGHTS", sha256)


def by_recipe(name: str, version: int | None = None) -> Fact:
    """All runs of a recipe, or of one version of it."""
    return Fact("RECIPE", name, f"{version:06}" if version else "")


def by_reviewer(who_or_name: str) -> Fact:
    """All runs that a person gave a verdict on, by their identity or by the name that people read."""
    return Fact("REVIEWER", digest("reviewer", who_or_name)[:40])


def by_day(day: str) -> Fact:
    """All runs that ended on a day, ``2026-11-30``, UTC."""
    return Fact("DAY", day)


def facts(run: FoundRun, models: Iterable[ModelPart], reviewers: Iterable[Person]) -> dict[Fact, FoundRun]:
    """Say by what a run is to be found, and what is then said of it."""
    name, _, version = run.recipe.rpartition("@")
    found = {by_day(timestamp(run.at)[:10]): run, by_recipe(name, int(version)): run}
    for model in models:
        said = run.model_copy(update={"model": model})
        found[by_model(model.name, model.version)] = said
        found |= {by_weights(sha256): said for sha256 in model.weights}
    for person in reviewers:
        said = run.model_copy(update={"reviewer": person})
        found |= {by_reviewer(person.who): said, by_reviewer(person.name): said}
    return found


def models_of(stages: Iterable[TracedStage]) -> list[ModelPart]:
    """Name each version of a model that worked on a run once, with the strongest thing that it did."""
    found: dict[tuple[str, str, tuple[str, ...]], ModelPart] = {}
    for stage in stages:
        uses: list[tuple[ModelUse | None, Part]] = [(stage.model, stage.part), (stage.scored_by, "measured")]
        for use, part in uses:
            if use is None:
                continue
            weights = tuple(each.sha256 for each in use.weights)
            before = found.get((use.name, use.version, weights))
            both = [part, before.part] if before else [part]
            known = before.stages if before else []
            found[use.name, use.version, weights] = ModelPart(
                name=use.name,
                version=use.version,
                weights=list(weights),
                stages=known if stage.stage in known else [*known, stage.stage],
                part=next(each for each in _STRONGEST if each in both),
            )
    return list(found.values())
