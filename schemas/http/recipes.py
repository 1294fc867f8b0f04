"""Recipes and their versions as the API shows them."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.http.answer import OPEN, Answer, Cursor
from schemas.pointers import Sha256
from schemas.published import KeptRecipe, PublishedRecipe
from schemas.recipe import Recipe

Origin = Annotated[
    Literal["shipped", "published"], Field(description="whether it came with the deployment or was published to it")
]


class RecipeList(Answer):
    """The latest version of every recipe of this deployment."""

    recipes: list[Recipe] = Field(description="whole, as runs use them, by name")


class RecipeShown(PublishedRecipe):
    """A version of a recipe."""

    model_config = OPEN

    origin: Origin


class RecipeAnswer(RecipeShown):
    """The version that a text is."""

    new: bool = Field(description="`false` where the latest version says the same already")


class VersionShown(Answer):
    """A version of a recipe without what it says."""

    version: int = Field(ge=1)
    sha256: Sha256
    summary: str
    origin: Origin
    published_at: str | None = Field(default=None, description="not there for a recipe that ships")
    published_by: str | None = Field(default=None, description="who published it")


class RecipeHistory(Answer):
    """Versions of a recipe, the latest first."""

    name: str
    versions: list[VersionShown] = Field(description="at most 50, and what shipped under this name")
    cursor: Cursor


class KeptRecipeShown(KeptRecipe):
    """A recipe as runs used it, or as it was published."""

    model_config = OPEN
