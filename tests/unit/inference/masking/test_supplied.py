"""The supplied mask is taken at its word."""

import numpy as np
import pytest

from inference.registry import Registry
from schemas.errors import BadInput


def find(supplied: np.ndarray | None, **parameters: object) -> np.ndarray:
    model = Registry().load("supplied-mask")
    return model.find(np.zeros((40, 60, 3), np.uint8), supplied=supplied, box=None, parameters=parameters).mask


def test_no_pixel_outside_of_it_is_taken_unless_growth_is_asked_for() -> None:
    values = np.zeros((40, 60), np.uint8)
    values[20, 30] = 40
    assert find(values).sum() == 1
    assert find(values, grow=1).sum() == 5
    assert find(values, threshold=41).sum() == 0


@pytest.mark.parametrize("parameters", [{"threshold": 0}, {"threshold": "high"}, {"grow": -1}, {"grow": 10**6}])
def test_a_wrong_parameter_is_named(parameters: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=next(iter(parameters))):
        find(np.zeros((40, 60), np.uint8), **parameters)


def test_without_a_mask_there_is_a_refusal() -> None:
    with pytest.raises(BadInput):
        find(None)
