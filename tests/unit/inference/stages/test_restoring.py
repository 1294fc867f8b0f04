"""A restorer in the chain: what it measured and what was invented are told apart to the end."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.compositing.edits_file import unpack
from inference.compositing.regions import as_slices
from inference.protocols import Restored
from inference.unblending import registered
from inference.unblending.unblend import Unblend
from schemas.errors import BadInput, PermanentFailure
from schemas.pointers import Box, S3Pointer
from schemas.sighting import Sighting, Sightings
from schemas.stage import Stage
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.small_models import card
from tests.unit.inference.stages.conftest import Bench
from tests.unit.inference.unblending.marks import Marked
from tests.unit.inference.unblending.test_registered import artwork, stamped
from tests.unit.schemas.test_sightings import SEEN

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


def test_whether_something_was_invented_is_said_by_who_filled_it_not_by_who_restored(
    bench: Bench, restorer: LeftHalf
) -> None:
    """Content Credentials are made of this: a fill that may invent is not called classical for its caller's sake."""
    mean, adapter = bench.models._models["mean"]
    bench.models._models["mean"] = (mean.model_copy(update={"generative": True, "version": "7"}), adapter)
    result = bench.run("inpaint", "left-half", inputs(bench))
    said = {area.model: (area.version, area.generative) for area in result.areas}
    assert said == {"left-half": ("1", False), "mean": ("7", True)}


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


@pytest.fixture
def stamped_photo(bench: Bench) -> tuple[Marked, dict[str, S3Pointer]]:
    mark = artwork()
    case = stamped(photograph("chelsea", 180, 260), mark, 90, [(70, 41)], 0.5)
    return case, {"source": bench.put("photo", file_of(case.rgb)), "mark-acme": bench.put("acme", file_of(mark.rgba))}


@pytest.fixture
def unblend(bench: Bench) -> None:
    adapter = Unblend(card("unblend", Stage.INPAINT, defaults={"fill": "mean"}), {})
    bench.models._models["unblend"] = (adapter.card, lambda: adapter)


Given = tuple[Marked, dict[str, S3Pointer]]


def test_registered_marks_are_masked_beside_what_a_detector_finds(bench: Bench, stamped_photo: Given) -> None:
    case, given = stamped_photo
    result = bench.run("mask", "drawn-box", given)
    mask = bench.picture(result.outputs["mask"]).pixels[..., 0] > 0
    assert mask[case.affected].mean() > 0.97
    assert [found.label for found in result.detections] == ["mark acme"]
    pointed = bench.run("mask", "drawn-box", given, box="5,5,10,10")
    assert (bench.picture(pointed.outputs["mask"]).pixels[..., 0] > 0).sum() == 100
    assert "sightings" not in pointed.outputs
    assert bench.run("mask", "drawn-box", given, point="5,5").detections == []


@pytest.mark.usefixtures("unblend")
def test_what_the_mask_stage_saw_is_taken_off_without_another_search(
    bench: Bench, stamped_photo: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, given = stamped_photo
    seen = bench.run("mask", "drawn-box", given)
    monkeypatch.setattr(registered, "sightings", lambda *_: pytest.fail("it was looked for again"))
    done = bench.run("inpaint", "unblend", {**given, **seen.outputs})
    (patch,) = unpack(bench.read(done.outputs["edits"])).patches
    window = as_slices(patch.box)
    assert np.square(patch.fill - case.truth[window].astype(float))[case.affected[window]].mean() < 4
    assert [found.label for found in done.detections] == ["mark acme"]


@pytest.mark.usefixtures("unblend")
def test_under_a_supplied_mask_the_marks_that_were_taken_off_are_told(bench: Bench, stamped_photo: Given) -> None:
    case, given = stamped_photo
    done = bench.run("inpaint", "unblend", {**given, "mask": bench.put("m", file_of(case.mask.astype(np.uint8) * 255))})
    told = Sightings.model_validate_json(bench.read(done.outputs["sightings"]))
    assert told.artwork == {"acme": given["mark-acme"]}
    assert [found.detection for found in told.found] == done.detections
    assert told.found[0].opacity == pytest.approx(0.5, abs=0.01)


@pytest.mark.usefixtures("unblend")
@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "no JSON",
        '{"artwork": {}, "found": []}',
        '{"artwork": ARTWORK, "found": [SEEN], "trust": "me"}',
        '{"artwork": ARTWORK, "found": [SEEN, {}]}',
        '{"artwork": OTHER, "found": [SEEN]}',
        '{"artwork": ARTWORK, "found": [FAR]}',
        '{"artwork": ARTWORK, "found": [HUGE]}',
        '{"artwork": ARTWORK, "found": [BOXED]}',
    ],
)
def test_sightings_that_cannot_be_of_this_picture_are_refused(
    bench: Bench, stamped_photo: Given, document: str
) -> None:
    case, given = stamped_photo
    seen = Sighting.model_validate({**SEEN, "x": 115.0, "y": 68.0, "width": 90.0, "height": 54.0})
    facts = {
        "ARTWORK": f'{{"acme": {given["mark-acme"].model_dump_json()}}}',
        "OTHER": f'{{"acme": {given["mark-acme"].model_copy(update={"sha256": "0" * 64}).model_dump_json()}}}',
        "SEEN": seen.model_dump_json(),
        "FAR": seen.model_copy(update={"x": 900.0}).model_dump_json(),
        "HUGE": seen.model_copy(update={"width": 4000.0}).model_dump_json(),
        "BOXED": seen.model_copy(update={"box": Box(x=250, y=0, width=11, height=9)}).model_dump_json(),
    }
    for word, text in facts.items():
        document = document.replace(word, text)
    mask = bench.put("m", file_of(case.mask.astype(np.uint8) * 255))
    with pytest.raises(BadInput, match="sightings"):
        bench.run("inpaint", "unblend", {**given, "mask": mask, "sightings": bench.put("s", document.encode())})
