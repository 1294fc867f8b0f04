"""What the options of ``edit`` ask for, checked before anything starts: what makes no sense ends as a usage error."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from infra.client import Client
    from schemas.delivering import DeliveryFormat
    from schemas.job import Job
    from schemas.pointers import Box, Point
    from schemas.recipe import Recipe


def job(**said: Any) -> "Job":
    """Make the job of what was said; ``None`` is what was not."""
    from pydantic import ValidationError

    from schemas.job import Job

    try:
        return Job.model_validate({name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        option = "--" + str(problem["loc"][0]).replace("_", "-")
        raise typer.BadParameter(f"{problem['msg']}.", param_hint=option) from None


def checked_scale(scale: int | None) -> int | None:
    """Check an enlargement."""
    from schemas.recipe import DEFAULT_UPSCALERS

    possible = (1, *sorted(DEFAULT_UPSCALERS))
    if scale is not None and scale not in possible:
        raise typer.BadParameter(f"possible: {', '.join(map(str, possible))}.", param_hint="--scale")
    return scale


def checked_word(word: str | None, possible: tuple[str, ...], option: str) -> str | None:
    """Check that a word is one of those there are."""
    if word is not None and word not in possible:
        raise typer.BadParameter(f"possible: {', '.join(possible)}.", param_hint=option)
    return word


def delivery_format(output: Path | None) -> "DeliveryFormat | None":
    """Ask for the type that one named file says: converting a delivered JPEG to PNG would keep its losses."""
    if output is None:
        return None
    return "png" if output.suffix.lower() == ".png" else "jpeg"


def checked_box(box: str | None, mask: Path | None) -> "Box | None":
    """Read a box."""
    from schemas.pointers import Box

    if box is None:
        return None
    if mask is not None:
        raise typer.BadParameter("give a mask or a box, not both.", param_hint="--box")
    try:
        return Box.parse(box)
    except ValueError:
        raise typer.BadParameter("a box is x,y,width,height in pixels.", param_hint="--box") from None


def checked_point(point: str | None, box: str | None, mask: Path | None) -> "Point | None":
    """Read a point."""
    from schemas.pointers import Point

    if point is None:
        return None
    if mask is not None or box is not None:
        raise typer.BadParameter("give a point, a box or a mask, only one of them.", param_hint="--point")
    try:
        return Point.parse(point)
    except ValueError:
        raise typer.BadParameter("a point is x,y in pixels.", param_hint="--point") from None


def checked_recipe(asked: str, client: "Client") -> "Recipe":
    """Find a recipe, or a version of one, among those that are deployed."""
    from infra.cli.recipes.known import known_recipe

    return known_recipe(asked, client)


def check_words(recipe: "Recipe", prompt: str | None) -> None:
    """Check that there are words where the recipe needs them, and none where it has no use for them."""
    if prompt is None and recipe.needs_prompt and recipe.prompt is None:
        raise typer.BadParameter(f"`{recipe.name}` needs one: say what the picture shows.", param_hint="--prompt")
    if prompt is not None and not recipe.takes_prompt:
        raise typer.BadParameter(f"`{recipe.name}` makes nothing out of words.", param_hint="--prompt")
