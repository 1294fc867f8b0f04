"""A recipe's text, its meaning and its schema say the same."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.flaws import Flaw, FlawedDocument
from schemas.recipe import Recipe
from schemas.recipe_text import as_written, meaning, read_recipe, recipe_schema

FOLDER = Path(__file__).parents[3] / "infra" / "recipes"
FILES = sorted(FOLDER.glob("*.yaml"))
SHIPPED = [read_recipe(path.read_bytes()) for path in FILES]
UNLIKE = [
    "upscale: {model: a, scale: 2}\ncolour: red\n",
    "upscale: {model: a, scale: 5}\n",
    "upscale: {model: a, scale: 2}\npolicy: {review: sometimes}\n",
    "upscale: {model: ../a, scale: 2}\n",
]


def test_the_schema_that_ships_is_the_models() -> None:
    """Write it anew with ``cleanplate recipes schema > infra/recipes/recipe.schema.json``."""
    assert json.loads((FOLDER / "recipe.schema.json").read_text()) == recipe_schema()
    Draft202012Validator.check_schema(recipe_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_recipe_names_its_schema_and_keeps_to_it(file: Path) -> None:
    assert file.read_text().startswith("# yaml-language-server: $schema=recipe.schema.json\n")
    Draft202012Validator(recipe_schema()).validate(yaml.safe_load(file.read_text()))


@pytest.mark.parametrize("text", UNLIKE)
def test_editors_refuse_what_is_refused_here(text: str) -> None:
    document = yaml.safe_load("summary: x\n" + text)
    assert list(Draft202012Validator(recipe_schema()).iter_errors(document))


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """Shipped recipes as jobs change them, with odd words."""
    recipe = draw(st.sampled_from(SHIPPED))
    words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)
    if recipe.takes_prompt:
        recipe = recipe.with_prompt(draw(words), draw(st.none() | words))
    if recipe.upscale is None and draw(st.booleans()):
        changes = recipe.inpaint is not None or recipe.generate is not None  # a preview makes no files for pages
        recipe = recipe.with_tier(draw(st.sampled_from(["web", "print", *(["preview"] if changes else [])])))
    return recipe.model_copy(update={"summary": draw(words), "version": draw(st.integers(1, 999_999))})


@given(recipes())
def test_what_is_written_down_is_read_back_as_it_was(recipe: Recipe) -> None:
    text = yaml.safe_dump(as_written(recipe), sort_keys=False, allow_unicode=True)
    again = read_recipe(text)
    assert again == recipe
    assert meaning(again) == meaning(recipe)


def test_defaults_and_versions_make_no_difference_in_meaning() -> None:
    short = read_recipe("name: a1\nversion: 1\nsummary: x\nupscale: {model: span-x2, scale: 2}\n")
    long = read_recipe("policy: {}\nname: a1\nversion: 9\nsummary: x\nupscale: {scale: 2, model: span-x2}\ntier: null")
    assert meaning(short) == meaning(long)


def test_every_difference_in_meaning_is_a_line() -> None:
    for one in SHIPPED:
        for other in SHIPPED:
            same = one.model_copy(update={"version": 1}) == other.model_copy(update={"version": 1})
            assert (meaning(one) == meaning(other)) == same
    lines = meaning(next(recipe for recipe in SHIPPED if recipe.name == "remove-object"))
    assert {"inpaint.model: by-hole", 'policy.on_low_confidence.try: ["patchmatch"]'} < {*lines}


ODD = st.sampled_from(
    [None, True, -1, 0, 2, 1e9, "", "all", "x" * 2000, [], {}, ["a"], {"model": "a"}, [{}], {"a": {}}]
)
NAMES = st.sampled_from(
    ["name", "mask", "policy", "try", "model", "marks", "guards", "expiry", "colour", "0", "", "a.b/~"]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, part in parts for place in _places(part, (*path, name)))]


@given(st.sampled_from(SHIPPED), st.data())
def test_whatever_is_done_to_a_recipe_it_is_read_or_refused_by_its_fields(recipe: Recipe, data: st.DataObject) -> None:
    document = as_written(recipe)
    for _ in range(data.draw(st.integers(1, 4))):
        *path, last = data.draw(st.sampled_from(_places(document)[1:]))
        part: Any = document
        for step in path:
            part = part[step]
        if isinstance(part, dict) and data.draw(st.booleans()):
            last = data.draw(NAMES)
        part[last] = copy.deepcopy(data.draw(ODD))
    for text, is_json in ((yaml.safe_dump(document), False), (json.dumps(document), True)):
        for flaw in _flaws(text, is_json=is_json):
            assert flaw.message
            assert is_json or flaw.place


def _flaws(text: str, *, is_json: bool) -> list[Flaw]:
    try:
        read_recipe(text, is_json=is_json)
    except FlawedDocument as error:
        return error.flaws
    return []
