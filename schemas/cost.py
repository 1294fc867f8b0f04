"""What work costs: seconds of each model times the price of the machine it runs on. Pure; prices come from a file."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from pydantic import Field

from schemas.names import ModelName
from schemas.pointers import Document
from schemas.recipe import GenerateStep, Recipe
from schemas.stage import Stage

_HOUR = 3600.0
LOCAL = "local"
"""The instance of an embedded stack: the machine is there already."""


class Speed(Document):
    """How long a model takes: seconds for any picture, and more for each megapixel of it."""

    fixed: float = Field(ge=0)
    per_megapixel: float = Field(ge=0)

    def seconds(self, megapixels: float) -> float:
        """Time for one picture."""
        return self.fixed + self.per_megapixel * megapixels


class Prices(Document):
    """The table: what machines cost, what goes around them, and how quick models are."""

    dated: date
    currency: str
    region: str
    per_run: float = Field(ge=0, description="orchestration, storage requests and records of one run")
    instances: dict[str, float] = Field(description="price of an hour")
    measured: str = Field(description="where the speeds come from")
    speeds: dict[ModelName, Speed]

    def of(self, instance: str, seconds: float) -> float | None:
        """Price of this much work; ``None`` for a machine that the table does not know."""
        hourly = self.instances.get(instance)
        return None if hourly is None else hourly / _HOUR * seconds


class StageCost(Document):
    """One stage of an estimate; ``None`` where nothing is known of its model or machine."""

    stage: Stage
    model: str
    seconds: float | None
    dollars: float | None


class Estimate(Document):
    """What a run will take: each stage, the rest of the run, and what nobody knows."""

    stages: list[StageCost]
    per_run: float
    dated: date
    currency: str

    @property
    def unknown(self) -> list[str]:
        """Models of which the table says nothing."""
        return sorted({each.model for each in self.stages if each.dollars is None})

    @property
    def seconds(self) -> float:
        """Of the stages that are known."""
        return sum(each.seconds or 0.0 for each in self.stages)

    @property
    def dollars(self) -> float:
        """Of what is known; at least this much."""
        return self.per_run + sum(each.dollars or 0.0 for each in self.stages)

    @property
    def enlargement(self) -> float | None:
        """Dollars of what comes after the native-size result; ``None`` where nothing does, or nobody knows."""
        after = [each.dollars for each in self.stages if each.stage in (Stage.UPSCALE, Stage.ASSESS_UPSCALED)]
        known = [dollars for dollars in after if dollars is not None]
        return sum(known) if known and len(known) == len(after) else None


class Cost(Document):
    """What a run took, for its record."""

    dollars: float | None = Field(description="`None` where the table does not know the machine")
    seconds: float = Field(ge=0, description="in models, those included whose result was not taken")
    instance: str
    prices_dated: date


class Timed(Protocol):
    """Anything that says how many seconds it took."""

    @property
    def seconds(self) -> float:
        """Time in the model."""
        ...


def estimate(recipe: Recipe, megapixels: float, prices: Prices, instance: str) -> Estimate:
    """Say what one picture will cost before anything has run.

    Every stage of the recipe is counted; where nothing is found to remove, it will be less.

    Parameters
    ----------
    megapixels
        Of the picture as it is uploaded. What comes after an enlargement is counted with its own size.
    """
    stages = [_stage_cost(stage, model, size, prices, instance) for stage, model, size in _work_of(recipe, megapixels)]
    return Estimate(stages=stages, per_run=prices.per_run, dated=prices.dated, currency=prices.currency)


def spent(work: Iterable[Timed], prices: Prices, instance: str) -> Cost:
    """Add up what a run took so far."""
    seconds = sum(each.seconds for each in work)
    price = prices.of(instance, seconds)
    dollars = None if price is None else price + (prices.per_run if instance != LOCAL else 0.0)
    return Cost(dollars=dollars, seconds=seconds, instance=instance, prices_dated=prices.dated)


def stage_cost(seconds: float, prices: Prices, instance: str) -> Cost:
    """Price one stage's time in its model; what goes around a run belongs to no stage."""
    return Cost(dollars=prices.of(instance, seconds), seconds=seconds, instance=instance, prices_dated=prices.dated)


def _work_of(recipe: Recipe, megapixels: float) -> list[tuple[Stage, str, float]]:
    """Which model works on how many megapixels."""
    work: list[tuple[Stage, str, float]] = []
    if recipe.mask is not None and recipe.inpaint is not None:
        masker = recipe.mask.detector or recipe.mask.supplied_model
        work += [(Stage.MASK, masker.model, megapixels)]
    if recipe.preview is not None:
        work.append((Stage.PREVIEW, recipe.preview.model, recipe.preview.long_side**2 / 1e6))
    if recipe.inpaint is not None:
        work += [
            (Stage.INPAINT, recipe.inpaint.model, megapixels),
            (Stage.REFINE, recipe.refine.model, megapixels),
            (Stage.ASSESS, recipe.assess.model, megapixels),
        ]
    if recipe.generate is not None:
        work.append((Stage.GENERATE, recipe.generate.model, _scene_size(recipe.generate, megapixels)))
    if recipe.upscale is not None:
        enlarged = megapixels * recipe.upscale.scale**2
        work += [
            (Stage.UPSCALE, recipe.upscale.model, megapixels),
            (Stage.ASSESS_UPSCALED, recipe.assess.model, enlarged),
        ]
    return work


def _scene_size(step: GenerateStep, megapixels: float) -> float:
    return step.width * step.height / 1e6 if step.width and step.height else megapixels


def _stage_cost(stage: Stage, model: str, megapixels: float, prices: Prices, instance: str) -> StageCost:
    speed = prices.speeds.get(model)
    seconds = speed.seconds(megapixels) if speed else None
    dollars = prices.of(instance, seconds) if seconds is not None else None
    return StageCost(stage=stage, model=model, seconds=seconds, dollars=dollars)
