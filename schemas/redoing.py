"""From a person's changes to the order that makes a picture again. Pure rules."""

from typing import Any, NamedTuple

from pydantic import ValidationError

from schemas.errors import BadInput
from schemas.given import Given
from schemas.pointers import S3Pointer
from schemas.recipe import Recipe
from schemas.redo import Changes
from schemas.run import RunState
from schemas.stage import Stage


class Redo(NamedTuple):
    """A recipe with changes, and what the new run is given; ``given`` holds where it begins."""

    recipe: Recipe
    given: Given


def redo(before: RunState, changes: Changes, strokes: S3Pointer | None) -> Redo:
    """Plan to make a picture again, from the first stage that comes out otherwise.

    Parameters
    ----------
    before
        How far the run came that a person looked at.
    strokes
        Where ``changes.strokes`` were written.

    Raises
    ------
    BadInput
        ``redo`` if the recipe cannot be changed so; says why.
    """
    given = before.run.given
    if changes.strokes is not None:
        base = before.output(Stage.MASK, "mask") or before.run.mask
        given |= Given(mask=base if changes.start_from == "mask" else None, strokes=strokes, box=None, point=None)
    elif changes.box is not None:
        given |= Given(box=changes.box, mask=None, strokes=None, point=None)
    if changes.rights is not None:
        given["rights"] = changes.rights
    if changes.context is not None:
        given["context"] = changes.context
    return Redo(_recipe(before.run.recipe, changes), given | Given(entry=_entry(before, changes), ruling=None))


def _entry(before: RunState, changes: Changes) -> Stage:
    recipe = before.run.recipe
    has_mask = before.output(Stage.MASK, "mask") is not None
    if before.inspection is None or changes.rights is not None or changes.allow_cost is not None:
        return Stage.INSPECT
    if changes.moves_the_mask:
        return Stage.MASK
    if changes.prompt is not None and recipe.preview is not None and (has_mask or recipe.generate is not None):
        return Stage.PREVIEW
    if recipe.generate is not None:
        return Stage.GENERATE
    return Stage.INPAINT if has_mask else Stage.INSPECT


def _recipe(recipe: Recipe, changes: Changes) -> Recipe:
    """Give the recipe with the changes; a model that a person chose is not replaced by another behind their back."""
    wanted: dict[str, Any] = recipe.model_dump()
    policy = wanted["policy"]
    if changes.model is not None:
        step = "generate" if recipe.generate is not None else "inpaint"
        if wanted[step] is None:
            raise BadInput("This recipe fills nothing, so there is no model to change.", code="redo")
        own = wanted[step]["parameters"] if wanted[step]["model"] == changes.model else {}
        wanted[step] |= {"model": changes.model, "parameters": own}
        policy["on_low_confidence"] = None
    if changes.prompt is not None:
        if not recipe.takes_prompt:
            raise BadInput("This recipe takes no prompt.", code="redo")
        wanted["prompt"] = changes.prompt
    if changes.conservative:
        policy |= {"conservative": True, "guards": {}}
    if changes.allow_cost:
        policy["max_cost"] = None
    try:
        return Recipe.model_validate(wanted)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput(f"The recipe cannot be changed so: {first['msg'][:300]}.", code="redo") from None
