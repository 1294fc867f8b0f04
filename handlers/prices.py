"""The price table that this deployment ships, and what a run cost by it."""

from functools import cache

import yaml
from pydantic import ValidationError

from handlers.settings import settings
from schemas.cost import Cost, Prices, estimate, spent
from schemas.errors import PermanentFailure
from schemas.recipe import Recipe
from schemas.run import RunState


@cache
def prices() -> Prices:
    """Read the table.

    Raises
    ------
    PermanentFailure
        ``bad_prices`` if it is missing or not valid.
    """
    path = settings().prices_file
    try:
        return Prices.model_validate(yaml.safe_load(path.read_text()))
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise PermanentFailure(f"The price table `{path.name}` is not valid.", code="bad_prices") from error


def expected_cost(recipe: Recipe, megapixels: float) -> float | None:
    """Say what a picture of this size will cost; ``None`` where the table does not know a model or the machine."""
    expected = estimate(recipe, megapixels, prices(), settings().instance)
    return None if expected.unknown else expected.dollars


def cost_ahead(state: RunState) -> float | None:
    """Say what the enlargement of a run will cost; ``None`` where there is none, or the table does not know it."""
    if state.inspection is None:
        return None
    return estimate(state.run.recipe, state.inspection.megapixels, prices(), settings().instance).enlargement


def cost_of(state: RunState) -> Cost:
    """Add up what a run's models took so far; what was known before took nothing."""
    return spent([each for each in state.work if not each.reused], prices(), settings().instance)
