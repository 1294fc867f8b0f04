"""A tier says how much a result may cost, whatever its recipe would do else."""

import pytest
from pydantic import ValidationError

from schemas.policy import Fallbacks, Policy
from schemas.recipe import Recipe
from tests.documents import EDIT, ENLARGE, PRINT

TRIES = PRINT.model_copy(update={"policy": Policy(on_low_confidence=Fallbacks(models=["fsr"]))})


def test_a_preview_is_a_small_jpeg_by_one_model():
    quick = TRIES.with_tier("preview")
    assert (quick.upscale, quick.policy.on_low_confidence, quick.deliver.format) == (None, None, "jpeg")
    assert quick.tier == "preview"


def test_the_web_needs_no_enlargement_but_may_try_again():
    web = TRIES.with_tier("web")
    assert web.upscale is None
    assert web.policy.on_low_confidence is not None


def test_print_is_enlarged_as_the_recipe_says_or_twofold():
    assert PRINT.with_tier("print").upscale == PRINT.upscale
    step = EDIT.with_tier("print").upscale
    assert step is not None
    assert step.scale == 2


@pytest.mark.parametrize("tier", ["preview", "web"])
def test_what_only_enlarges_has_nothing_to_do_in_a_small_tier(tier):
    with pytest.raises(ValidationError):
        ENLARGE.with_tier(tier)


def test_a_recipe_cannot_contradict_its_tier():
    with pytest.raises(ValidationError, match="enlarges nothing"):
        Recipe.model_validate({**PRINT.model_dump(), "tier": "web"})
    with pytest.raises(ValidationError, match="enlarges"):
        Recipe.model_validate({**EDIT.model_dump(), "tier": "print"})


def test_a_scale_that_was_asked_for_decides_over_the_tier():
    scaled = EDIT.with_tier("web").with_scale(2, {2: "span-x2"})
    assert (scaled.tier, scaled.upscale is not None) == (None, True)
