"""What a recipe delivers; and that recipes which were published before there was a choice keep their name."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.delivering import DeliverStep, PrintStep, WebStep
from schemas.recipe import Recipe
from schemas.recipe_text import read_recipe
from tests.documents import EDIT, ENLARGE

SHIPPED = Path(__file__).parents[3] / "infra" / "recipes"
AS_PUBLISHED = {
    "clean-and-print@5": "756e500f2e02521d8cfade59cc03f820d8a3a85f9f9e2b92d161dad5e3e3925c",
    "enhance@1": "dfc838122a44f9e12f3c167973c8943430a9722f925db58e79f88c5c71ded25f",
    "remove-object@3": "583a1d0b530208b95394e024dc89e9ca55ff0e8e8cbf9e79079a52205fd427d9",
    "remove-people@2": "05ddeadebdbd5e55af551d5b74f0e895caff88fd6d1339173d7dfbe5c8c605f7",
    "remove-watermark@5": "a374503d7ac4254c5304514fe9edb2d584cb7cbb63d1f0a127c0688a1652fbb3",
    "scene@1": "f8700748427f37bba1452158cf2270169759ca286fb4da7d14f7fed8916bc4d1",
    "print-ready@1": "03fa42f11ba72425de5d71b31a45845e9126f6f2d5c05ce73987333ab55ab5aa",
    "sketch-to-scene@1": "35819cc7eb5d39a57d2f028a6fa377a2113333ed0a48f47da2d959de0f170fa7",
    "web-ready@1": "e23c50da13c373cb263e1355fba1645311d5f1dfd335640b033d6a85408f1f5a",
}
"""Hashes of versions that ship or shipped: a version never changes, and neither does its name."""
WEB = WebStep(widths=[640, 1280])
PRINT = PrintStep(width_mm=200)


def _delivering(**step: Any) -> Recipe:
    return EDIT.model_copy(update={"deliver": DeliverStep(**step)})


def test_a_version_that_was_published_keeps_its_hash() -> None:
    found = {recipe.reference: recipe.sha256 for recipe in map(_shipped, sorted(SHIPPED.glob("*.yaml")))}
    assert {name: sha256 for name, sha256 in found.items() if AS_PUBLISHED.get(name, sha256) != sha256} == {}


def _shipped(path: Path) -> Recipe:
    return read_recipe(path.read_text())


def test_the_hash_tells_every_difference_in_what_is_delivered() -> None:
    recipes = [
        _delivering(),
        _delivering(format="png"),
        _delivering(metadata="strip-gps"),
        _delivering(metadata="rights"),
        _delivering(web=WEB),
        _delivering(web=WEB.model_copy(update={"ssim": 0.99})),
        _delivering(print=PRINT),
        _delivering(web=WEB, print=PRINT),
        _delivering(prompts=True),
    ]
    assert len({recipe.sha256 for recipe in recipes}) == len(recipes)
    assert [Recipe.model_validate_json(recipe.canonical) for recipe in recipes] == recipes


@pytest.mark.parametrize(("kept", "policy"), [(True, "keep"), (False, "rights")])
def test_documents_of_before_there_was_a_policy_are_read(kept: bool, policy: str) -> None:
    step = DeliverStep.model_validate({"format": "jpeg", "keep_metadata": kept})
    assert (step.format, step.metadata) == ("jpeg", policy)
    assert step.as_hashed == {"format": "jpeg", "keep_metadata": kept}
    assert DeliverStep.model_validate(step.model_dump()) == step


@pytest.mark.parametrize(
    "step",
    [
        {"keep_metadata": "no"},
        {"keep_metadata": True, "metadata": "keep"},
        {"metadata": "none"},
        {"web": {"widths": []}},
        {"web": {"widths": [8]}},
        {"web": {"widths": [640], "formats": ["gif"]}},
        {"web": {"widths": [640], "ssim": 1}},
        {"web": {"widths": list(range(100, 109))}},
        {"print": {}},
        {"print": {"width_mm": 200, "height_mm": 100}},
        {"print": {"width_mm": 200, "dpi": 300, "least_dpi": 301}},
        {"print": {"width_mm": float("inf")}},
        {"print": {"width_mm": 200, "icc": "cmyk"}},
    ],
)
def test_what_cannot_be_delivered_is_refused_when_the_recipe_is_read(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DeliverStep.model_validate(step)


def test_a_tier_leaves_out_what_it_does_not_deliver() -> None:
    both = ENLARGE.model_copy(update={"mask": EDIT.mask, "inpaint": EDIT.inpaint, "deliver": DeliverStep(web=WEB)})
    both = both.model_copy(update={"deliver": both.deliver.model_copy(update={"print": PRINT})})
    assert both.with_tier("print").deliver == both.deliver
    assert both.with_tier("web").deliver == DeliverStep(web=WEB)
    assert both.with_tier("preview").deliver == DeliverStep(format="jpeg")
