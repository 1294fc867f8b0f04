import pytest

from schemas.readings import readings
from schemas.signals import Signals


def level_of(name: str, **signals: float) -> str:
    found = readings(Signals(**{"changed_outside_mask": 0, "mask_share": 0.01, **signals}))
    return next(reading.level for reading in found if reading.name == name)


def test_what_was_not_measured_is_not_mentioned():
    found = readings(Signals(changed_outside_mask=0, mask_share=0.01))
    assert [reading.name for reading in found] == ["Outside the mask", "Edited area"]


def test_a_single_pixel_changed_outside_the_mask_is_poor():
    assert level_of("Outside the mask", changed_outside_mask=0) == "good"
    assert level_of("Outside the mask", changed_outside_mask=1) == "poor"


@pytest.mark.parametrize(("signal", "name"), [("seam_ratio", "Edge"), ("noise_ratio", "Grain")])
def test_a_ratio_is_as_bad_below_one_as_above(signal: str, name: str):
    assert [level_of(name, **{signal: ratio}) for ratio in (0, 0.4, 0.6, 1, 1.6, 2.5)] == [
        "poor",
        "poor",
        "fair",
        "good",
        "fair",
        "poor",
    ]


def test_colour_is_judged_by_what_an_eye_can_see():
    assert [level_of("Colour", ring_colour_delta=delta) for delta in (1, 4, 9)] == ["good", "fair", "poor"]


def test_an_enlargement_is_better_the_more_faithful_it_is():
    assert [level_of("Enlargement", consistency=decibels) for decibels in (45, 30, 20)] == ["good", "fair", "poor"]


def test_a_preview_has_no_mask_to_speak_of():
    signals = Signals(changed_outside_mask=0, mask_share=0, prompt_agreement=0.9)
    assert [reading.name for reading in readings(signals)] == ["Prompt"]


def test_a_preview_is_better_the_more_it_shows_of_its_prompt():
    assert [level_of("Prompt", prompt_agreement=share) for share in (0.9, 0.5, 0.1)] == ["good", "fair", "poor"]
