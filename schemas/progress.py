"""How far a run is: which of how many steps."""

from schemas.pointers import Document
from schemas.recipe import Recipe
from schemas.run import Run
from schemas.stage import Stage


class Progress(Document):
    """Where a run is under way."""

    step: int
    steps: int
    ahead: int | None = None


def steps_of(recipe: Recipe) -> list[Stage]:
    """List the steps of a recipe in their order, as if there was something to do at each of them."""
    steps = [Stage.INSPECT]
    if recipe.mask is not None:
        steps.append(Stage.MASK)
    if recipe.preview is not None:
        steps.append(Stage.PREVIEW)
    if recipe.generate is not None:
        steps.append(Stage.GENERATE)
    if recipe.inpaint is not None:
        steps += [Stage.INPAINT, Stage.REFINE, Stage.ASSESS]
    if recipe.upscale is not None:
        steps += [Stage.UPSCALE, Stage.ASSESS_UPSCALED]
    return [*steps, Stage.RENDER, Stage.DELIVER]


def progress_of(run: Run, stage: Stage | None, ahead: int | None) -> Progress:
    """Say at which of its steps a run is, 0 before the first. A run that begins late has fewer of them.

    Parameters
    ----------
    ahead
        How many were queued before it and wait still; ``None`` once it is under way.
    """
    steps = steps_of(run.recipe)
    steps = steps[steps.index(run.entry) :] if run.entry in steps else steps[-2:]
    return Progress(step=steps.index(stage) + 1 if stage in steps else 0, steps=len(steps), ahead=ahead)
