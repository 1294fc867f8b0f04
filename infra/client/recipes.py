"""Recipes and their versions, seen by somebody who keeps them as code."""

from collections.abc import Iterator
from urllib.parse import quote

from infra.client.transport import Transport
from schemas.http.recipes import KeptRecipeShown, RecipeAnswer, RecipeShown, VersionShown
from schemas.recipe import Recipe


class Recipes:
    """The recipes of one deployment.

    Every method raises ``ApiError`` where the API says no (``unknown_recipe``, ``bad_recipe``, ``version_conflict``
    ...), and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def list(self) -> list[Recipe]:
        """List the latest version of every recipe, by name."""
        return [Recipe.model_validate(recipe) for recipe in self._http.get("/recipes")["recipes"]]

    def show(self, reference: str) -> RecipeShown:
        """Look at one: ``name`` for its latest version, or ``name@version``."""
        return RecipeShown.model_validate(self._http.get(f"/recipes/{_in_path(reference)}"))

    def by_hash(self, sha256: str) -> Recipe:
        """Find the recipe that a run used, with the words and the size of its job, by the run's ``recipe_sha256``."""
        return KeptRecipeShown.model_validate(self._http.get(f"/recipes/by-hash/{_in_path(sha256)}")).recipe

    def history(self, name: str) -> Iterator[VersionShown]:
        """List the versions of a recipe, the latest first."""
        cursor: str | None = None
        while True:
            page = self._http.get(f"/recipes/{_in_path(name)}/versions", cursor=cursor)
            yield from (VersionShown.model_validate(version) for version in page["versions"])
            cursor = page.get("cursor")
            if cursor is None:
                return

    def publish(self, name: str, text: bytes) -> RecipeAnswer:
        """Publish YAML under a name; where it says what the latest version says, nothing is new.

        Parameters
        ----------
        text
            At most 16 KiB. It may leave out ``name`` and ``version``.
        """
        answer = self._http.put(f"/recipes/{_in_path(name)}", text, "application/yaml")
        return RecipeAnswer.model_validate(answer)


def _in_path(part: str) -> str:
    return quote(part, safe="@")
