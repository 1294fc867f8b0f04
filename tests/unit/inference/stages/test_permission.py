"""A model that invents works neither for a conservative recipe nor on people."""

from typing import Any

import numpy as np
import pytest

from inference.permitted import Permitted
from inference.protocols import Found
from inference.stages.dispatch import run_stage
from inference.stages.people import DETECTOR
from schemas.errors import PermanentFailure
from schemas.pointers import Box
from schemas.policy import Permission
from schemas.stage import Detection, Stage, StageRequest
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.small_models import Repeat, SmallModels, card
from tests.unit.inference.stages.conftest import Bench

INVENTS = card("inventive-x2", Stage.UPSCALE, scale=2).model_copy(update={"generative": True})


class Looks:
    """Finds this many people, and notes at what size it was asked to look."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.seen: list[tuple[int, ...]] = []

    def find(self, rgb: np.ndarray, *, supplied: Any, box: Any, parameters: Any) -> Found:
        self.seen.append(rgb.shape)
        someone = Detection(label="person", score=0.9, box=Box(x=0, y=0, width=8, height=8))
        return Found(np.zeros(rgb.shape[:2], bool), [someone] * self.people)


def _enlarge(bench: Bench, model: str, looks: Looks, permission: Permission, pixels: np.ndarray) -> Any:
    detector = card(DETECTOR, Stage.MASK)
    bench.models = SmallModels(**{"inventive-x2": (INVENTS, Repeat), DETECTOR: (detector, lambda: looks)})
    inputs = {"source": bench.put("photo", file_of(pixels))}
    request = StageRequest.build(Stage.UPSCALE, model, inputs, {}, work_bucket="work", permission=permission)
    return run_stage(request, bench.store, bench.models)


def test_a_conservative_recipe_never_gets_a_generative_enlargement(bench: Bench) -> None:
    looks = Looks(0)
    with pytest.raises(PermanentFailure) as raised:
        _enlarge(bench, "inventive-x2", looks, Permission(invent=False), photograph())
    assert (raised.value.code, looks.seen) == ("not_permitted", [])
    assert _enlarge(bench, "repeat-x2", looks, Permission(invent=False), photograph()).outputs["image"]


def test_whatever_a_stage_loads_is_checked_and_reading_a_card_is_not() -> None:
    registry = SmallModels(**{"inventive-x2": (INVENTS, Repeat)})
    models = Permitted(registry, Permission(invent=False))
    assert models.card("inventive-x2", Stage.UPSCALE) is INVENTS
    assert models.load("repeat-x2")
    with pytest.raises(PermanentFailure, match="inventive-x2"):
        models.load("inventive-x2")
    models.release()
    assert registry.released


def test_people_are_enlarged_faithfully_or_not_at_all(bench: Bench) -> None:
    looks = Looks(2)
    with pytest.raises(PermanentFailure, match=r"2 found") as raised:
        _enlarge(bench, "inventive-x2", looks, Permission(), photograph())
    assert raised.value.code == "people_in_picture"
    assert _enlarge(bench, "repeat-x2", Looks(2), Permission(), photograph()).outputs["image"]


def test_where_there_are_no_people_a_generative_enlargement_may_work(bench: Bench) -> None:
    assert _enlarge(bench, "inventive-x2", Looks(0), Permission(), photograph()).width == 256


def test_a_large_picture_is_looked_at_small(bench: Bench) -> None:
    looks = Looks(0)
    _enlarge(bench, "inventive-x2", looks, Permission(), np.zeros((60, 3000, 3), np.uint8))
    assert looks.seen == [(20, 1024, 3)]


@pytest.mark.weights
def test_the_detector_that_looks_finds_a_portrait() -> None:
    import skimage.data

    from inference.registry import Registry
    from inference.stages.people import refuse_people

    with pytest.raises(PermanentFailure) as raised:
        refuse_people(INVENTS, np.ascontiguousarray(skimage.data.astronaut()), Registry())
    assert raised.value.code == "people_in_picture"
    refuse_people(INVENTS, np.ascontiguousarray(skimage.data.coffee()), Registry())
