"""The promise of the project: what is not in the composite mask is the source, sample for sample."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inference.compositing.composite import blend, compose
from inference.compositing.edits import EditLayer, Patch
from inference.pictures import Picture, decode, encode
from schemas.asset import MediaType
from schemas.errors import BadInput
from schemas.pointers import Box
from tests.unit.inference.files import deep_photograph, photograph

DEPTHS = st.sampled_from([np.uint8, np.uint16])
RGB8 = hnp.arrays(np.uint8, (3, 4, 3))
ALPHA = hnp.arrays(np.uint8, (3, 4), elements=st.sampled_from([0, 1, 127, 254, 255]))


def layer_with(alpha: np.ndarray, x: int = 20, y: int = 10) -> EditLayer:
    height, width = alpha.shape
    fill = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
    patch = Patch(Box(x=x, y=y, width=width, height=height), fill, alpha, alpha == 255, "mean")
    return EditLayer(photograph().shape[1], photograph().shape[0], [patch])


@settings(max_examples=40, deadline=None)
@given(depth=DEPTHS, data=st.data(), fill=RGB8, alpha=ALPHA)
def test_both_ends_are_exact_and_the_middle_lies_between(depth: type, data: st.DataObject, fill, alpha) -> None:
    source = data.draw(hnp.arrays(depth, (3, 4, 3)))
    out = blend(source, fill, alpha)
    wide = fill.astype(np.int64) * (257 if depth is np.uint16 else 1)
    assert out.dtype == depth
    np.testing.assert_array_equal(out[alpha == 0], source[alpha == 0])
    np.testing.assert_array_equal(out[alpha == 255], wide[alpha == 255])
    assert (out >= np.minimum(source, wide)).all()
    assert (out <= np.maximum(source, wide)).all()


@pytest.mark.parametrize("deep", [False, True])
def test_pixels_outside_the_composite_mask_are_identical_in_the_file(deep: bool) -> None:
    pixels = deep_photograph() if deep else photograph()
    alpha = np.zeros((40, 50), np.uint8)
    alpha[10:30, 10:40] = 128
    alpha[15:25, 15:35] = 255
    layer = layer_with(alpha)
    result = compose(Picture(pixels, pixels[..., 0]), layer)
    delivered = decode(encode(result, MediaType.PNG))
    outside = ~layer.support()
    np.testing.assert_array_equal(delivered.pixels[outside], pixels[outside])
    np.testing.assert_array_equal(delivered.alpha, pixels[..., 0])
    assert (delivered.pixels != pixels)[layer.hole()].any()


def test_the_source_is_not_changed_in_place() -> None:
    picture = Picture(photograph().copy())
    compose(picture, layer_with(np.full((20, 20), 255, np.uint8)))
    np.testing.assert_array_equal(picture.pixels, photograph())


def test_a_layer_of_another_size_is_refused() -> None:
    with pytest.raises(BadInput, match="128 x 96") as caught:
        compose(Picture(photograph()[:50]), layer_with(np.zeros((9, 9), np.uint8)))
    assert caught.value.code == "edits_size"
