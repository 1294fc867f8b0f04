"""What a thing dims goes with it; what is dark by itself does not."""

import cv2
import numpy as np
import pytest

from inference.masking.grabcut import GrabCutBox
from inference.masking.shadow import shadow_of
from inference.registry import Registry
from schemas.pointers import Box


def thing_on_ground(depth: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture, the thing, and the shadow that it casts to the right."""
    rng = np.random.default_rng(seed)
    rgb = np.array([150, 130, 100]) + rng.normal(0, 5, (260, 420, 3))
    thing, shadow = np.zeros((260, 420), np.uint8), np.zeros((260, 420), np.uint8)
    cv2.rectangle(thing, (150, 70), (210, 190), 1, cv2.FILLED)
    cv2.fillPoly(shadow, [np.array([[150, 188], [210, 188], [270, 150], [215, 150]])], 1)
    soft = cv2.GaussianBlur(shadow.astype(np.float64), (0, 0), 2)[..., None]
    rgb = rgb * (1 - depth * soft)
    rgb[thing > 0] = (40, 60, 170)
    return np.clip(rgb, 0, 255).astype(np.uint8), thing > 0, (shadow > 0) & (thing == 0)


@pytest.mark.parametrize("depth", [0.3, 0.6])
def test_the_shadow_at_the_foot_is_found(depth: float) -> None:
    rgb, thing, shadow = thing_on_ground(depth)
    found = shadow_of(rgb, thing)
    assert found[shadow].mean() > 0.9
    assert found[~shadow & ~thing].mean() < 0.02


def test_without_a_shadow_nothing_is_added() -> None:
    rgb, thing, _ = thing_on_ground(0)
    assert not shadow_of(rgb, thing).any()


def test_dark_ground_of_another_colour_is_no_shadow() -> None:
    rgb, thing, shadow = thing_on_ground(0)
    rgb[shadow] = (150, 60, 30)
    assert not shadow_of(rgb, thing).any()


def test_nothing_has_no_shadow() -> None:
    assert not shadow_of(np.full((40, 50, 3), 90, np.uint8), np.zeros((40, 50), bool)).any()


def test_a_cut_takes_its_shadow_along_unless_told_not_to() -> None:
    rgb, thing, shadow = thing_on_ground(0.5)
    model: GrabCutBox = Registry().load("grabcut")
    box = Box(x=142, y=62, width=78, height=136)
    with_it, without = (
        model.find(rgb, supplied=None, box=box, parameters={"shadow": wanted}).mask for wanted in (True, False)
    )
    assert with_it[thing].mean() > 0.98
    assert with_it[shadow].mean() > 0.9
    assert without[shadow].mean() < 0.4
    assert not (without & ~with_it).any()
