"""The policy at work: rights, cost, audits, the gate before enlargement, other models for what is not trusted."""

from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from infra.local import stack
from schemas.asset import Status
from schemas.audit import AUDIT
from schemas.stage import Stage
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.project import project_with

RECIPES: dict[str, dict[str, Any]] = {
    "audited": {"mask": {}, "inpaint": {"model": "telea"}, "policy": {"review": "never", "audit_share": 1}},
    "thrifty": {"mask": {}, "inpaint": {"model": "telea"}, "policy": {"review": "never", "max_cost": 0.0001}},
}


@pytest.fixture(scope="module")
def own_recipes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment that has the recipes above, too."""
    template = project_with(RECIPES, tmp_path_factory.mktemp("policies"))
    with stack.temporary(stack.Options(template=template)) as info:
        yield Deployment(info)


def hard(photo: Image.Image) -> Image.Image:
    """Mask a third of a picture full of edges: no model here can be trusted with that."""
    mask = Image.new("L", photo.size, 0)
    width, height = photo.size
    mask.paste(255, (width // 5, height // 4, width // 5 + width // 2, height // 4 + height // 2))
    return mask


def test_without_a_statement_of_rights_no_model_touches_a_marked_picture(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee())
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), rights=None))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.AWAITING_REVIEW, "rights-missing")
    assert "--rights" in asset.outcome.reason
    assert [stage.stage for stage in asset.stages] == [Stage.INSPECT, Stage.ROUTE]


def test_what_did_not_pass_at_native_size_is_not_enlarged(deployment: Deployment) -> None:
    photo = pictures.coffee(200, 160)
    key = deployment.key("clean-and-print", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(hard(photo)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo)))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    stages = [stage.stage for stage in asset.stages]
    assert Stage.UPSCALE not in stages
    assert stages[-2:] == [Stage.JUDGE, Stage.ROUTE]


def test_a_fill_that_is_not_trusted_is_tried_with_another_model_and_the_better_one_is_shown(
    deployment: Deployment,
) -> None:
    photo = pictures.coffee(200, 160)
    key = deployment.key("remove-object", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(hard(photo)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo)))
    fills = [stage for stage in asset.stages if stage.stage is Stage.INPAINT]
    scores = [stage.confidence for stage in asset.stages if stage.stage is Stage.ASSESS]
    judged = [stage.parameters["step"] for stage in asset.stages if stage.stage is Stage.JUDGE]
    assert [stage.model.name for stage in fills if stage.model] == ["by-hole", "patchmatch"]
    assert judged == ["try", "ask"]
    assert asset.outcome is not None
    assert asset.outcome.confidence == max(score for score in scores if score is not None)


def _without_a_square(deployment: Deployment, recipe: str) -> str:
    """Ask for a small square of a photograph to be filled; return the asset."""
    photo = pictures.coffee(200, 160)
    mask = Image.new("L", photo.size, 0)
    mask.paste(255, (20, 20, 32, 32))
    key = deployment.key(recipe, "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(mask))
    return deployment.put(key, pictures.encoded(photo))


def test_what_an_audit_chose_is_delivered_and_shown_to_a_person_as_well(own_recipes: Deployment) -> None:
    asset = own_recipes.outcome(_without_a_square(own_recipes, "audited"))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.DELIVERED, "review-never"), asset.outcome
    (review,) = own_recipes.items(asset.asset_id, "REVIEW#")
    assert review["rule"] == {"S": AUDIT}
    assert review["reason"]["S"].startswith("Delivered, and one of the 100.0% of deliveries")


def test_what_would_be_too_dear_waits_for_a_person_before_any_model_works(own_recipes: Deployment) -> None:
    asset = own_recipes.outcome(_without_a_square(own_recipes, "thrifty"))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.rule) == (Status.AWAITING_REVIEW, "max-cost"), asset.outcome
    assert "the recipe allows $0.0001" in asset.outcome.reason
    assert [stage.stage for stage in asset.stages] == [Stage.INSPECT, Stage.ROUTE]
