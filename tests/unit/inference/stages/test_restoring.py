"""A restorer in the chain: what it measured and what was invented are told apart to the end."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.compositing.edits_file import unpack
from inference.protocols import Restored
from schemas.errors import BadInput, PermanentFailure
from schemas.stage import Stage
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.small_models import card
from tests.unit.inference.stages.conftest import Bench
from tests.unit.inference.unblending.test_registered import artwork, stamped

HEIGHT, WIDTH = 96, 128


class LeftHalf:
    """Darkens the left half of the hole and lets the fill make the rest."""

    def restore(self, rgb: np.ndarray, hole: np.ndarray, marks: Any, *, fill: Any, seed: int, parameters: Any) -> Any:
        self.marks = marks
        measured = hole.copy()
        measured[:, WIDTH // 2 :] = False
        result = np.where(measured[..., None], rgb // 2, rgb)
        return Restored(np.where((hole & ~measured)[..., None], fill(result, hole & ~measured), result), measured)


@pytest.fixture
def restorer(bench: Bench) -> LeftHalf:
    adapter = LeftHalf()
    bench.models._models["left-half"] = (
        card("left-half", Stage.INPAINT, defaults={"fill": "mean"}),
        lambda: adapter,
    )
    return adapter


def inputs(bench: Bench) -> dict[str, Any]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[40:50, 30:100] = 255
    return {"source": bench.put("photo", file_of(photograph())), "mask": bench.put("mask", file_of(mask))}


def test_areas_name_the_restorer_and_the_filler(bench: Bench, restorer: LeftHalf) -> None:
    result = bench.run("inpaint", "left-half", inputs(bench))
    assert {area.model: area.hole_pixels for area in result.areas} == {"left-half": 340, "mean": 360}
    layer = unpack(bench.read(result.outputs["edits"]))
    assert [(patch.model, patch.measured) for patch in layer.patches] == [("left-half", True), ("mean", False)]


def test_refine_leaves_measured_pixels_as_they_are(bench: Bench, restorer: LeftHalf) -> None:
    given = inputs(bench)
    edits = bench.run("inpaint", "left-half", given).outputs["edits"]
    refined = bench.run("refine", "feather", {"source": given["source"], "edits": edits})
    before, after = (unpack(bench.read(each)).patches for each in (edits, refined.outputs["edits"]))
    assert np.array_equal(before[0].fill, after[0].fill)
    assert np.array_equal(before[0].alpha, after[0].alpha)
    assert before[0].measured
    assert after[0].measured
    image = bench.picture(refined.outputs["image"]).pixels
    assert np.array_equal(image[40:50, 30:64], photograph()[40:50, 30:64] // 2)
    assert np.array_equal(image[:38], photograph()[:38])


def test_a_restored_picture_is_assessed(bench: Bench, restorer: LeftHalf) -> None:
    given = inputs(bench)
    edits = bench.run("inpaint", "left-half", given).outputs["edits"]
    refined = bench.run("refine", "feather", {"source": given["source"], "edits": edits})
    judged = bench.run("assess", "comparison", {**given, **refined.outputs})
    assert judged.confidence is not None


def test_artwork_reaches_the_restorer_in_the_order_of_names(bench: Bench, restorer: LeftHalf) -> None:
    logo = Image.new("RGBA", (20, 10), (255, 0, 0, 128))
    plain = Image.new("L", (12, 9), 200)
    marks = {"mark-b": bench.put("b", file_of(plain)), "mark-a": bench.put("a", file_of(logo))}
    bench.run("inpaint", "left-half", {**inputs(bench), **marks})
    assert [(mark.name, mark.rgba.shape) for mark in restorer.marks] == [("a", (10, 20, 4)), ("b", (9, 12, 4))]
    assert tuple(restorer.marks[0].rgba[0, 0]) == (255, 0, 0, 128)
    assert tuple(restorer.marks[1].rgba[0, 0]) == (200, 200, 200, 255)


def test_artwork_of_a_poster_is_refused(bench: Bench, restorer: LeftHalf) -> None:
    huge = bench.put("huge", file_of(Image.new("L", (9000, 10))))
    with pytest.raises(BadInput):
        bench.run("inpaint", "left-half", {**inputs(bench), "mark-huge": huge})


def test_an_unknown_fill_is_refused(bench: Bench, restorer: LeftHalf) -> None:
    with pytest.raises(PermanentFailure, match="unknown_model"):
        bench.run("inpaint", "left-half", inputs(bench), fill="nothing")


def test_registered_marks_are_masked_beside_what_a_detector_finds(bench: Bench) -> None:
    mark = artwork()
    case = stamped(photograph("chelsea", 180, 260), mark, 90, [(70, 41)], 0.5)
    given = {"source": bench.put("photo", file_of(case.rgb)), "mark-acme": bench.put("acme", file_of(mark.rgba))}
    result = bench.run("mask", "drawn-box", given)
    mask = bench.picture(result.outputs["mask"]).pixels[..., 0] > 0
    assert mask[case.affected].mean() > 0.97
    assert [found.label for found in result.detections] == ["mark acme"]
    pointed = bench.run("mask", "drawn-box", given, box="5,5,10,10")
    assert (bench.picture(pointed.outputs["mask"]).pixels[..., 0] > 0).sum() == 100
    assert bench.run("mask", "drawn-box", given, point="5,5").detections == []
