"""What cannot be done is refused with a code and a sentence."""

import numpy as np
import pytest

from schemas.errors import BadInput, CleanplateError, PermanentFailure
from schemas.stage import Stage
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.small_models import SmallModels, card
from tests.unit.inference.stages.conftest import Bench


def refused(bench: Bench, stage: str, model: str, inputs: dict[str, bytes], **parameters: object) -> CleanplateError:
    with pytest.raises(CleanplateError) as caught:
        bench.run(stage, model, {name: bench.put(name, data) for name, data in inputs.items()}, **parameters)
    return caught.value


PHOTO = file_of(photograph())
FULL = file_of(np.full((96, 128), 255, np.uint8))
SMALL = file_of(np.zeros((48, 64), np.uint8))


@pytest.mark.parametrize("stage", ["mask", "inpaint"])
def test_a_mask_of_another_size_is_refused_with_both_sizes(bench: Bench, stage: str) -> None:
    error = refused(bench, stage, {"mask": "supplied-mask"}.get(stage, "mean"), {"source": PHOTO, "mask": SMALL})
    assert error.code == "mask_size"
    assert "64 x 48" in error.message
    assert "128 x 96" in error.message


@pytest.mark.parametrize("stage", ["mask", "inpaint"])
def test_a_mask_over_everything_is_refused(bench: Bench, stage: str) -> None:
    error = refused(bench, stage, {"mask": "supplied-mask"}.get(stage, "mean"), {"source": PHOTO, "mask": FULL})
    assert error.code == "mask_covers_everything"


def test_an_input_that_the_request_forgot_is_named(bench: Bench) -> None:
    error = refused(bench, "inpaint", "mean", {"source": PHOTO})
    assert isinstance(error, BadInput)
    assert "`mask`" in error.message


def test_edits_of_another_picture_are_refused(bench: Bench) -> None:
    mask = np.zeros((96, 128), np.uint8)
    mask[10:20, 10:20] = 255
    edits = bench.run("inpaint", "mean", {"source": bench.put("a", PHOTO), "mask": bench.put("m", file_of(mask))})
    inputs = {"source": file_of(photograph()[:50]), "edits": bench.read(edits.outputs["edits"])}
    assert refused(bench, "refine", "feather", inputs).code == "edits_size"


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", {"x": 1}, [1, 2, 3, 4], "-1,0,5,5", "500,0,5,5", 7])
def test_what_is_no_box_is_refused(bench: Bench, box: object) -> None:
    assert refused(bench, "mask", "drawn-box", {"source": PHOTO}, box=box).code == "box"


@pytest.mark.parametrize("box", ["100,90,500,500", {"x": 100, "y": 90, "width": 500, "height": 500}])
def test_a_box_is_clipped_to_the_picture(bench: Bench, box: object) -> None:
    result = bench.run("mask", "drawn-box", {"source": bench.put("a", PHOTO)}, box=box)
    found = result.detections[0].box
    assert (found.width, found.height) == (28, 6)


def test_a_masker_that_finds_nothing_leaves_no_mask(bench: Bench) -> None:
    assert bench.run("mask", "drawn-box", {"source": bench.put("a", PHOTO)}).outputs == {}


def test_an_empty_mask_leaves_an_empty_layer(bench: Bench) -> None:
    empty = bench.put("m", file_of(np.zeros((96, 128), np.uint8)))
    assert bench.run("inpaint", "mean", {"source": bench.put("a", PHOTO), "mask": empty}).areas == []


def test_a_scale_that_the_model_does_not_have_is_refused(bench: Bench) -> None:
    assert refused(bench, "upscale", "repeat-x2", {"source": PHOTO}, scale=4).code == "scale"


def test_a_picture_too_large_to_enlarge_is_refused_before_the_work(bench: Bench) -> None:
    never = card("tiny-x2", Stage.UPSCALE, scale=2, max_megapixels=0.01)
    bench.models = SmallModels(**{"tiny-x2": (never, lambda: None)})
    assert refused(bench, "upscale", "tiny-x2", {"source": PHOTO}).code == "too_large_to_enlarge"


def test_a_model_that_breaks_its_promise_never_reaches_the_picture(bench: Bench) -> None:
    class Shrinks:
        def enlarge(self, rgb: np.ndarray, *, parameters: object) -> np.ndarray:
            return rgb

    bench.models = SmallModels(**{"bad-x2": (card("bad-x2", Stage.UPSCALE, scale=2), Shrinks)})
    error = refused(bench, "upscale", "bad-x2", {"source": PHOTO})
    assert isinstance(error, PermanentFailure)
    assert error.code == "model_output"


def test_a_stage_without_a_model_is_refused(bench: Bench) -> None:
    assert refused(bench, "route", "mean", {"source": PHOTO}).code == "unknown_stage"


def test_an_unknown_format_is_refused(bench: Bench) -> None:
    assert refused(bench, "upscale", "repeat-x2", {"source": PHOTO}, format="exe").code == "unknown_format"
