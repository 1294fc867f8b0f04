"""Learned artwork has to take its mark off the pictures it was learned from."""

from dataclasses import replace

import numpy as np
import pytest

from inference.unblending.learning import learn as learning
from inference.unblending.learning.layers import Artwork
from inference.unblending.learning.learn import UNEXPLAINED, learn
from inference.unblending.learning.proof import share_left
from schemas.errors import BadInput
from tests.unit.inference.unblending.folders import logo, photos, pictures, stamp

CHANCE = 1.0


def crops_and_artwork(opacity: float) -> tuple[list[np.ndarray], Artwork]:
    """Stamped pictures of one size, and what was stamped on them."""
    rgbs = pictures(12, one_size=True)
    mark = logo(opacity)
    share = np.zeros(rgbs[0].shape[:2], np.float32)
    share[-52:-8, -116:-8] = mark[..., 3]
    paint = np.full(rgbs[0].shape, 255, np.float32)
    return [stamp(rgb, mark, 1, 1) for rgb in rgbs], Artwork(share, paint, [])


@pytest.mark.parametrize("opacity", [0.3, 0.6, 1.0])
def test_the_true_artwork_leaves_nothing(opacity: float) -> None:
    crops, artwork = crops_and_artwork(opacity)
    assert share_left(crops, artwork, CHANCE) < 0.02


def test_no_artwork_leaves_all() -> None:
    crops, artwork = crops_and_artwork(0.5)
    nothing = replace(artwork, opacity=np.zeros_like(artwork.opacity))
    assert share_left(crops, nothing, CHANCE) == pytest.approx(1.0)


@pytest.mark.parametrize("factor", [0.6, 1.3])
def test_a_wrong_opacity_is_more_than_is_let_pass(factor: float) -> None:
    crops, artwork = crops_and_artwork(0.6)
    assert share_left(crops, replace(artwork, opacity=factor * artwork.opacity), CHANCE) > UNEXPLAINED


def test_a_wrong_colour_is_more_than_is_let_pass() -> None:
    crops, artwork = crops_and_artwork(0.6)
    red = np.broadcast_to(np.float32([255, 90, 90]), artwork.paint.shape)
    assert share_left(crops, replace(artwork, paint=red), CHANCE) > UNEXPLAINED


def test_artwork_that_leaves_the_mark_on_its_own_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def misunderstood(*asked: object) -> Artwork:
        artwork = understood(*asked)
        return replace(artwork, opacity=0.5 * artwork.opacity)

    understood = learning.peeled
    monkeypatch.setattr(learning, "peeled", misunderstood)
    with pytest.raises(BadInput, match="mark_not_understood") as refused:
        learn(photos([stamp(rgb, logo(0.6), 1, 1) for rgb in pictures(8, one_size=True)]))
    assert "Give more pictures" in refused.value.message
