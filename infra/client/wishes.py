"""What may be asked for with an upload, over what its recipe says."""

from dataclasses import dataclass
from typing import Any

from schemas.given import Rights
from schemas.pointers import Box, Document, Point
from schemas.recipe import DeliveryFormat, Tier


@dataclass(frozen=True)
class Wishes:
    """What is to be done with a picture; what is ``None`` is left to the deployment or the recipe.

    Parameters
    ----------
    recipe
        ``name`` or ``name@version``; the deployment's default without one.
    scale
        Enlargement, 1 for none.
    box
        Rectangle around the object to remove.
    point
        A click on it.
    format
        Type of the delivered files.
    rights
        What is stated about the picture: it is ``owned``, or ``licensed`` to be edited.
    tier
        How much a result may cost.
    prompt, negative_prompt
        What a generated picture shows, and what it does not.
    """

    recipe: str | None = None
    scale: int | None = None
    box: Box | None = None
    point: Point | None = None
    format: DeliveryFormat | None = None
    rights: Rights | None = None
    tier: Tier | None = None
    prompt: str | None = None
    negative_prompt: str | None = None

    def document(self) -> dict[str, Any]:
        """Write them as the API takes them: only what was asked for."""
        asked = {name: value for name, value in vars(self).items() if value is not None}
        return {name: value.model_dump() if isinstance(value, Document) else value for name, value in asked.items()}
