"""Recipes as the client reads and publishes them."""

import pytest

from infra.client import ApiError, Client
from tests.documents import EDIT, SHA
from tests.unit.infra.client.conftest import API, Answer, Script

RECIPE = EDIT.model_dump(mode="json")
SHOWN = {"recipe": RECIPE, "sha256": SHA, "origin": "shipped", "new_field": 1}


def test_recipes_are_listed_shown_and_found_by_their_hash(script: Script, client: Client) -> None:
    script.on("GET", f"{API}/recipes", Answer(document={"recipes": [RECIPE]}))
    script.on("GET", f"{API}/recipes/edit@1", Answer(document=SHOWN))
    script.on("GET", f"{API}/recipes/by-hash/{SHA}", Answer(document={"recipe": RECIPE, "sha256": SHA}))
    assert client.recipes.list() == [EDIT]
    assert client.recipes.show("edit@1").recipe == EDIT
    assert client.recipes.by_hash(SHA) == EDIT


def test_text_is_published_byte_for_byte(script: Script, client: Client) -> None:
    script.on("PUT", f"{API}/recipes/edit", Answer(document=SHOWN | {"new": True}))
    assert client.recipes.publish("edit", b"# mine\n").new
    (asked,) = script.asked
    assert (asked.body, asked.headers["Content-Type"]) == (b"# mine\n", "application/yaml")


def test_a_history_is_read_to_its_end(script: Script, client: Client) -> None:
    version = {"sha256": SHA, "summary": "x", "origin": "published", "version": 2}
    pages = [{"versions": [version], "cursor": "2"}, {"versions": [version | {"version": 1}], "cursor": None}]
    script.on("GET", f"{API}/recipes/edit/versions", *(Answer(document={"name": "edit", **page}) for page in pages))
    assert [each.version for each in client.recipes.history("edit")] == [2, 1]
    assert script.asked[1].path.endswith("?cursor=2")


def test_a_name_never_becomes_another_path(script: Script, client: Client) -> None:
    problem = Answer(404, {"code": "unknown_recipe", "detail": "There is none."})
    script.on("GET", f"{API}/recipes/..%2Fassets%3Fa", problem)
    with pytest.raises(ApiError, match="There is none"):
        client.recipes.show("../assets?a")
