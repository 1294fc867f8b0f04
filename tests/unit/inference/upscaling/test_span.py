"""SPAN with its real weights, from the local model store."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from inference.registry import Registry
from inference.upscaling.span import SpanUpscaler
from schemas.errors import BadInput, PermanentFailure
from schemas.stage import Stage
from tests.unit.inference.photographs import card, photograph


@pytest.fixture(scope="module", params=["span-x2", "span-x4"])
def span(request):
    return Registry().load(request.param)


@pytest.mark.weights
def test_tiles_do_not_show(span):
    picture = photograph("coffee", 100)
    tiled, whole = (span.enlarge(picture, parameters={"tile": tile}).astype(int) for tile in (32, 128))
    assert np.abs(tiled - whole).max() <= 1


@pytest.mark.weights
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 3)])
def test_any_size_is_enlarged_by_the_scale(span, size):
    enlarged = span.enlarge(photograph("coffee", 16)[: size[0], : size[1]], parameters={})
    assert enlarged.shape == (size[0] * span.scale, size[1] * span.scale, 3)
    assert enlarged.dtype == np.uint8


@pytest.mark.weights
def test_an_enlargement_is_nearer_to_the_truth_than_bicubic(span):
    truth = photograph("astronaut", 192)
    small = cv2.resize(truth, None, fx=1 / span.scale, fy=1 / span.scale, interpolation=cv2.INTER_AREA)
    enlarged = span.enlarge(small, parameters={}).astype(float)
    bicubic = cv2.resize(small, (192, 192), interpolation=cv2.INTER_CUBIC).astype(float)
    assert np.square(enlarged - truth).mean() < np.square(bicubic - truth).mean()


@pytest.mark.weights
def test_sixteen_bits_are_enlarged_in_sixteen(span):
    """A slope of two levels over 48 pixels has steps in 8 bits, and none in 16."""
    slope = np.linspace(30_000, 30_500, 48).astype(np.uint16)
    picture = np.repeat(np.tile(slope, (24, 1))[..., None], 3, 2)
    enlarged = span.enlarge(picture, parameters={})
    assert enlarged.dtype == np.uint16
    assert len(np.unique(enlarged[12 * span.scale, :, 1])) > 40
    in_8_bits = span.enlarge((picture / 257).round().astype(np.uint8), parameters={}).astype(float) * 257
    assert np.abs(enlarged - in_8_bits).mean() < 257


@pytest.mark.weights
def test_threads_share_one_net(span):
    picture = photograph("coffee", 48)
    alone = span.enlarge(picture, parameters={}).tobytes()
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda _: span.enlarge(picture, parameters={}).tobytes(), range(3)))
    assert together == [alone] * 3


@pytest.mark.weights
def test_a_tile_out_of_range_is_refused(span):
    with pytest.raises(BadInput, match="tile"):
        span.enlarge(photograph("coffee", 16), parameters={"tile": 100_000})


def test_a_card_without_scale_is_refused():
    with pytest.raises(PermanentFailure, match="scale"):
        SpanUpscaler(card(Stage.UPSCALE), {})
