"""What every diffusion fill promises, through card, checksums, registry and the true loading code."""

import numpy as np
import pytest

from schemas.errors import BadInput
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.photographs import disc, photograph, stroke

FILLS = ("sdxl-inpaint", "sd15-inpaint", "flux2-klein-inpaint")
PROMPT = {"prompt": "grass", "negative_prompt": ""}


@pytest.fixture(params=FILLS)
def inpainter(request: pytest.FixtureRequest, tiny: TinyModels):
    return tiny.load(request.param)


def fill(inpainter, rgb: np.ndarray, hole: np.ndarray, seed: int = 1, **parameters: object) -> np.ndarray:
    return inpainter.fill(rgb, hole, seed=seed, parameters={**inpainter.card.defaults, **PROMPT, **parameters})


def test_pixels_outside_the_hole_are_identical_and_all_inside_are_replaced(inpainter):
    picture, hole = photograph("coffee"), stroke() | disc(radius=8)
    before = picture.copy()
    filled = fill(inpainter, picture, hole)
    assert np.array_equal(filled[~hole], picture[~hole])
    assert (filled != picture).any(axis=2)[hole].mean() > 0.9
    assert filled.dtype == np.uint8
    assert np.array_equal(picture, before)


def test_what_lies_under_the_hole_never_shows(inpainter):
    picture, hole = photograph("chelsea"), stroke(width=1) | disc(radius=8)
    garbage = picture.copy()
    garbage[hole] = np.random.default_rng(7).integers(0, 256, (np.count_nonzero(hole), 3))
    one, other = (fill(inpainter, seen, hole, strength=0.5) for seen in (picture, garbage))
    assert np.array_equal(one[hole], other[hole])


def test_a_seed_names_a_fill(inpainter):
    picture, hole = photograph("coffee"), disc()
    first, again, other = (fill(inpainter, picture, hole, seed) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("size", [(1, 9), (7, 3), (33, 250), (250, 33)], ids=str)
def test_odd_small_and_long_crops_are_filled(inpainter, size: tuple[int, int]):
    picture = np.arange(size[0] * size[1] * 3, dtype=np.uint8).reshape(*size, 3)
    hole = np.ones(size, bool)
    hole[0, : size[1] // 2] = False
    filled = fill(inpainter, picture, hole)
    assert filled.shape == picture.shape
    assert np.array_equal(filled[~hole], picture[~hole])


@pytest.mark.parametrize("edge", [np.s_[:6], np.s_[-6:], np.s_[:, :6], np.s_[:, -6:]], ids=str)
def test_holes_at_the_border_are_filled(inpainter, edge: object):
    picture, hole = np.full((48, 64, 3), 90, np.uint8), np.zeros((48, 64), bool)
    hole[edge] = True
    filled = fill(inpainter, picture, hole)
    assert (filled[hole] != 90).any()
    assert (filled[~hole] == 90).all()


def test_guidance_by_a_prompt_changes_the_fill(tiny: TinyModels):
    inpainter, picture, hole = tiny.load("sdxl-inpaint"), photograph("coffee"), disc()
    one, other = (fill(inpainter, picture, hole, prompt=words) for words in ("grass", "a brick wall"))
    assert not np.array_equal(one, other)


WRONG = {
    "strength": 1.0,  # grey fills
    "guidance_scale": -1,
    "num_inference_steps": 0,
    "prompt": "a" * 2001,
    "megapixels": 0,
    "dtype": "int8",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_parameter_out_of_range_is_named(tiny: TinyModels, name: str):
    with pytest.raises(BadInput, match=name) as caught:
        fill(tiny.load("sdxl-inpaint"), photograph("coffee"), disc(), **{name: WRONG[name]})
    assert caught.value.code == "parameter"


def test_too_few_steps_for_a_strength_are_refused(tiny: TinyModels):
    with pytest.raises(BadInput, match="raise `num_inference_steps`"):
        fill(tiny.load("sdxl-inpaint"), photograph("coffee"), disc(), strength=0.3, num_inference_steps=2)


def test_a_negative_prompt_is_refused_where_it_would_have_no_effect(tiny: TinyModels):
    with pytest.raises(BadInput, match="`negative_prompt`"):
        fill(tiny.load("flux2-klein-inpaint"), photograph("coffee"), disc(), negative_prompt="text")


def test_a_mask_that_covers_everything_is_refused(inpainter):
    with pytest.raises(BadInput, match="mask_covers_everything"):
        fill(inpainter, photograph("coffee", 32), np.ones((32, 32), bool))
