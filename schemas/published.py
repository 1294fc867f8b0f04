"""Recipes that are kept: a version that was published, and a recipe that some run used."""

from pydantic import Field

from schemas.pointers import Document, Sha256
from schemas.recipe import Recipe
from schemas.records import Moment

MOST_VERSIONS = 999_999
MOST_RECIPES = 200
"""Names that may be published. Each is listed whole, and Lambda answers with at most 6 MB."""
RESERVED = ("schema", "by-hash")
"""Names of something else at the API."""


class PublishedRecipe(Document):
    """One version of a recipe. It never changes; what ships with the deployment has no time and nobody's name."""

    recipe: Recipe
    sha256: Sha256 = Field(description="of the whole recipe; every run that uses it unchanged carries it")
    published_at: Moment | None = Field(default=None, description="not there for a recipe that ships")
    published_by: str | None = Field(default=None, description="who published it")

    @classmethod
    def shipped(cls, recipe: Recipe) -> "PublishedRecipe":
        """Show a recipe that ships as a version."""
        return cls(recipe=recipe, sha256=recipe.sha256)

    def says_the_same(self, other: Recipe) -> bool:
        """Whether another recipe is this one but for its number."""
        return other.model_copy(update={"version": self.recipe.version}) == self.recipe


class KeptRecipe(Document):
    """A recipe as a run used it: with the words, the size and whatever else its job wanted."""

    recipe: Recipe
    sha256: Sha256
    kept_at: Moment | None = Field(default=None, description="when it was first used or published")
