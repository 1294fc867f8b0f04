"""The weightless enlargement."""

import numpy as np
import pytest

from inference.upscaling.lanczos import LanczosUpscaler
from schemas.errors import PermanentFailure
from schemas.stage import Stage
from tests.unit.inference.photographs import card, photograph


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 3)])
def test_any_size_is_enlarged_by_the_scale(scale, size):
    picture = photograph("coffee", 16)[: size[0], : size[1]]
    enlarged = LanczosUpscaler(card(Stage.UPSCALE, scale), {}).enlarge(picture, parameters={})
    assert enlarged.shape == (size[0] * scale, size[1] * scale, 3)
    assert enlarged.dtype == np.uint8


def test_a_gradient_stays_a_gradient():
    picture = np.repeat(np.tile(np.arange(20, 220, 5, dtype=np.uint8), (16, 1))[..., None], 3, 2)
    enlarged = LanczosUpscaler(card(Stage.UPSCALE, 2), {}).enlarge(picture, parameters={}).astype(int)
    assert (np.diff(enlarged[:, 8:-8], axis=1) >= 0).all()


def test_a_card_without_scale_is_refused():
    with pytest.raises(PermanentFailure, match="scale"):
        LanczosUpscaler(card(Stage.UPSCALE), {})
