"""Work on one place of a picture gives what work on the whole picture gives there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.compositing.composite import compose, composed_crop
from inference.compositing.edits import EditLayer, Patch
from inference.compositing.regions import BLOCK, as_slices, regions
from inference.pictures import Picture
from schemas.pointers import Box


def _layer(rng: np.random.Generator, width: int, height: int, count: int) -> EditLayer:
    patches = []
    for _ in range(count):
        w, h = int(rng.integers(1, width + 1)), int(rng.integers(1, height + 1))
        box = Box(x=int(rng.integers(0, width - w + 1)), y=int(rng.integers(0, height - h + 1)), width=w, height=h)
        alpha = rng.random((h, w)) * (rng.random((h, w)) > 0.3)
        fill = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
        patches.append(Patch.of(box, fill, alpha, alpha > 0.5, "some"))
    return EditLayer(width, height, patches)


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40), st.sampled_from([np.uint8, np.uint16]))
def test_a_crop_of_the_composition_is_the_composition_of_the_crop(
    seed: int, width: int, height: int, depth: type[np.unsignedinteger]
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, np.iinfo(depth).max + 1, (height, width, 3), dtype=depth)
    layer = _layer(rng, width, height, int(rng.integers(0, 4)))
    whole = compose(Picture(pixels), layer).pixels
    for box in [
        Box(x=0, y=0, width=width, height=height),
        *(patch.box for patch in _layer(rng, width, height, 3).patches),
    ]:
        assert np.array_equal(composed_crop(pixels, layer, box), whole[as_slices(box)])


@given(st.integers(0, 10_000), st.integers(1, 300), st.integers(1, 300))
def test_every_pixel_of_a_mask_belongs_to_one_region_whatever_the_size(seed: int, width: int, height: int) -> None:
    rng = np.random.default_rng(seed)
    mask = np.zeros((height, width), bool)
    for _ in range(int(rng.integers(1, 8))):
        y, x = int(rng.integers(0, height)), int(rng.integers(0, width))
        mask[y : y + int(rng.integers(1, 30)), x : x + int(rng.integers(1, 30))] = True
    answered = np.zeros((height, width), int)
    for region in regions(mask):
        answered[as_slices(region.crop)] += region.hole
    assert np.array_equal(answered, mask.astype(int))


@pytest.mark.parametrize("gap", [1, BLOCK - 1, BLOCK, 2 * BLOCK])
def test_neighbours_closer_than_two_blocks_are_filled_together(gap: int) -> None:
    mask = np.zeros((600, 600), bool)
    mask[300:310, 300:310] = mask[300:310, 310 + gap : 320 + gap] = True
    assert len(regions(mask)) == 1
