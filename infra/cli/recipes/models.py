"""The models that a recipe names, held against their cards."""

import difflib
from collections.abc import Iterator, Mapping

from inference.card_files import CARDS, own_cards_folder, read_cards
from inference.weights import models_folder
from schemas.flaws import Flaw, Path
from schemas.model_card import ModelCard
from schemas.recipe import Recipe
from schemas.stage import Stage

_MAY_INVENT = (Stage.GENERATE, Stage.PREVIEW)
"""Steps that make something up by their nature: a conservative policy lets them, and asks a person."""


def model_flaws(recipe: Recipe) -> list[Flaw]:
    """Find models that there are not, that work in another stage, or that the recipe's own policy forbids."""
    cards = read_cards(CARDS, own_cards_folder(models_folder())).by_name
    return [Flaw(path, said) for path, model, stage in _named(recipe) if (said := _wrong(recipe, model, stage, cards))]


def _named(recipe: Recipe) -> Iterator[tuple[Path, str, Stage]]:
    """Every model that a recipe can call for, where it is named, and the stage that it is to work in."""
    if recipe.mask:
        for field in ("detector", "marks_model", "box_model", "supplied_model"):
            if step := getattr(recipe.mask, field):
                yield ("mask", field, "model"), step.model, Stage.MASK
    if recipe.preview:
        yield ("preview", "model"), recipe.preview.model, Stage.PREVIEW
        yield ("preview", "scorer"), recipe.preview.scorer, Stage.SCORE
    steps = {"generate": Stage.GENERATE, "inpaint": Stage.INPAINT, "refine": Stage.REFINE, "upscale": Stage.UPSCALE}
    for field, stage in {**steps, "assess": Stage.ASSESS}.items():
        if step := getattr(recipe, field):
            yield (field, "model"), step.model, stage
    fallbacks = recipe.policy.on_low_confidence
    for position, model in enumerate(fallbacks.models if fallbacks else ()):
        yield ("policy", "on_low_confidence", "try", position), model, Stage.INPAINT


def _wrong(recipe: Recipe, model: str, stage: Stage, cards: Mapping[str, ModelCard]) -> str | None:
    card = cards.get(model)
    fitting = [name for name, each in cards.items() if each.stage is stage]
    if card is None:
        close = difflib.get_close_matches(model, fitting, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(fitting)}"
        return f"there is no model `{model}`; {hint}"
    if card.stage is not stage:
        return f"`{model}` is a model of the stage `{card.stage}`; for `{stage}` there are: {', '.join(fitting)}"
    if stage is Stage.UPSCALE and recipe.upscale and card.scale != recipe.upscale.scale:
        return f"`{model}` enlarges {card.scale}-fold, and `scale` says {recipe.upscale.scale}"
    if not recipe.policy.conservative:
        return None
    if card.generative and stage not in _MAY_INVENT:
        return f"`{model}` may invent content, which `conservative: true` forbids"
    if not card.commercial_use:
        return f"the licence of `{model}` ({card.licence}) forbids commercial use, and so does `conservative: true`"
    return None
