"""Agreement of picture and prompt is a number from 0 to 1 between the two cosines of the card."""

import numpy as np
import pytest

from schemas.errors import BadInput
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.photographs import photograph

WIDE = {"unrelated": -1, "related": 1}


@pytest.fixture
def scorer(tiny: TinyModels):
    return tiny.load("clip-vit-b32")


def test_the_scale_is_linear_between_its_ends(scorer):
    picture = photograph("coffee")
    cosine = 2 * scorer.agreement(picture, "a cup", parameters=WIDE) - 1
    assert -1 < cosine < 1
    ends = {"unrelated": cosine - 0.03, "related": cosine + 0.01}
    assert scorer.agreement(picture, "a cup", parameters=ends) == pytest.approx(0.75, abs=1e-3)


@pytest.mark.parametrize(("offset", "expected"), [(0.2, 0), (-0.2, 1)])
def test_beyond_the_ends_it_stays_at_them(scorer, offset: float, expected: float):
    cosine = 2 * scorer.agreement(photograph("coffee"), "a cup", parameters=WIDE) - 1
    ends = {"unrelated": cosine + offset - 0.1, "related": cosine + offset + 0.1}
    assert scorer.agreement(photograph("coffee"), "a cup", parameters=ends) == expected


def test_both_the_words_and_the_picture_count_and_nothing_else(scorer):
    base = scorer.agreement(photograph("coffee"), "a cup", parameters=WIDE)
    assert base == scorer.agreement(photograph("coffee"), " a  cup\n", parameters=WIDE)
    assert base != scorer.agreement(photograph("coffee"), "fog", parameters=WIDE)
    assert base != scorer.agreement(photograph("chelsea"), "a cup", parameters=WIDE)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (64, 65)], ids=str)
def test_pictures_of_any_shape_are_scored(scorer, shape: tuple[int, int]):
    assert 0 < scorer.agreement(np.zeros((*shape, 3), np.uint8), "fog", parameters=WIDE) < 1


def test_both_ends_of_a_long_picture_are_looked_at(scorer):
    left, right = photograph("coffee"), photograph("chelsea")
    alone = [scorer.agreement(picture, "a cup", parameters=WIDE) for picture in (left, right)]
    together = np.hstack([left, np.zeros((128, 256, 3), np.uint8), right])
    assert scorer.agreement(together, "a cup", parameters=WIDE) >= max(alone) - 1e-6


def test_a_prompt_longer_than_the_net_reads_is_cut(scorer):
    words = "a cup " * 60
    assert scorer.agreement(photograph("coffee"), words, parameters=WIDE) == scorer.agreement(
        photograph("coffee"), words + "and fog", parameters=WIDE
    )


@pytest.mark.parametrize("prompt", ["", " "])
def test_nothing_cannot_be_agreed_with(scorer, prompt: str):
    with pytest.raises(BadInput):
        scorer.agreement(photograph("coffee"), prompt, parameters=WIDE)


def test_ends_the_wrong_way_round_are_refused(scorer):
    with pytest.raises(BadInput, match="related"):
        scorer.agreement(photograph("coffee"), "a cup", parameters={"unrelated": 0.3, "related": 0.3})
