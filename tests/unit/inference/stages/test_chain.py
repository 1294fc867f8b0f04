"""The stages one after the other: what is promised about the delivered file."""

import io

import numpy as np
import pytest
from PIL import Image

from inference.compositing.edits_file import unpack
from schemas.errors import BadInput
from tests.unit.inference.files import deep_file, deep_photograph, file_of, photograph
from tests.unit.inference.stages.conftest import Bench


def spots() -> bytes:
    """A mask with two places far enough apart to be worked at one by one."""
    mask = np.zeros((480, 640), np.uint8)
    mask[40:60, 40:70] = 255
    mask[400:410, 560:600] = 255
    return file_of(mask)


def source(kind: str) -> bytes:
    rgb = photograph("coffee", 240, 320).repeat(2, axis=0).repeat(2, axis=1)
    if kind == "deep":
        return deep_file(rgb.astype(np.uint16) * 256 + 7)
    if kind == "gray":
        return file_of(Image.fromarray(rgb).convert("L"))
    if kind == "transparent":
        return file_of(Image.fromarray(np.dstack([rgb, rgb[..., 0]])))
    return file_of(rgb, "JPEG" if kind == "jpeg" else "PNG")


@pytest.mark.parametrize("kind", ["plain", "deep", "gray", "transparent", "jpeg"])
def test_outside_the_mask_the_delivered_file_is_the_source(bench: Bench, kind: str) -> None:
    before = source(kind)
    done = bench.repair(before, spots(), format="png")
    image, original = bench.picture(done["refine"].outputs["image"]), bench.picture(bench.put("again", before))
    layer = unpack(bench.read(done["refine"].outputs["edits"]))
    outside = ~layer.support()
    np.testing.assert_array_equal(image.pixels[outside], original.pixels[outside])
    assert image.pixels.dtype == original.pixels.dtype
    assert (image.pixels != original.pixels)[layer.hole()].any()
    assert done["assess"].signals.changed_outside_mask == 0
    assert image.was_gray == (kind == "gray")
    if kind == "transparent":
        np.testing.assert_array_equal(image.alpha, original.alpha)


def test_the_answer_says_where_and_by_which_model(bench: Bench) -> None:
    done = bench.repair(source("plain"), spots())
    assert [area.model for area in done["refine"].areas] == ["mean", "mean"]
    first = done["inpaint"].areas[0]
    assert (first.box.x, first.box.y, first.box.width, first.box.height) == (40, 40, 30, 20)
    assert done["inpaint"].parameters == {"tint": 0, "context": 1.0, "seed": 0}
    assert done["inpaint"].model.name == "mean"
    assert all((result.width, result.height) == (640, 480) for result in done.values())
    assert 0 < done["assess"].signals.mask_share < 0.02


def test_a_jpeg_is_delivered_as_jpeg_and_judged_without_its_coding_noise(bench: Bench) -> None:
    done = bench.repair(source("jpeg"), spots(), format="source")
    pointer = done["refine"].outputs["image"]
    assert pointer.key.endswith("image.jpg")
    assert Image.open(io.BytesIO(bench.read(pointer))).format == "JPEG"
    assert done["assess"].signals.changed_outside_mask == 0


def test_the_same_order_leaves_the_same_bytes(bench: Bench) -> None:
    first = bench.repair(source("plain"), spots())
    second = bench.repair(source("plain"), spots())
    for stage, result in first.items():
        assert result.outputs == second[stage].outputs


def test_a_change_outside_the_mask_is_counted(bench: Bench) -> None:
    done = bench.repair(source("plain"), spots(), format="png")
    inputs = {"source": bench.put("photo", source("plain")), "mask": done["mask"].outputs["mask"]}
    tampered = bench.picture(done["refine"].outputs["image"]).pixels.copy()
    tampered[200:203, 300] ^= 1
    inputs |= {"edits": done["refine"].outputs["edits"], "image": bench.put("tampered", file_of(tampered))}
    assert bench.run("assess", "comparison", inputs).signals.changed_outside_mask == 3


def test_an_edit_that_the_mask_did_not_ask_for_is_counted(bench: Bench) -> None:
    done = bench.repair(source("plain"), spots(), format="png")
    empty = bench.put("empty", file_of(np.zeros((480, 640), np.uint8)))
    inputs = {"source": bench.put("photo", source("plain")), "mask": empty, **done["refine"].outputs}
    assert bench.run("assess", "comparison", inputs).signals.changed_outside_mask > 100


def test_an_enlargement_starts_from_the_lossless_composition(bench: Bench) -> None:
    done = bench.repair(source("transparent"), spots(), format="png")
    inputs = {"source": bench.put("photo", source("transparent")), "edits": done["refine"].outputs["edits"]}
    enlarged = bench.run("upscale", "repeat-x2", inputs, scale=2)
    native, large = bench.picture(done["refine"].outputs["image"]), bench.picture(enlarged.outputs["image"])
    assert (enlarged.width, enlarged.height) == (1280, 960) == (large.width, large.height)
    np.testing.assert_array_equal(large.pixels[::2, ::2], native.pixels)
    assert large.alpha.shape == (960, 1280)
    judged = bench.run("assess-upscaled", "comparison", {**inputs, "image": enlarged.outputs["image"]})
    assert judged.signals.consistency == 99.0


def test_an_enlargement_keeps_sixteen_bits_and_their_transparency(bench: Bench) -> None:
    pixels = np.dstack([deep_photograph(), deep_photograph()[..., 0]])
    enlarged = bench.run("upscale", "repeat-x2", {"source": bench.put("photo", deep_file(pixels))}, scale=2)
    large = bench.picture(enlarged.outputs["image"])
    np.testing.assert_array_equal(large.pixels[::2, ::2], deep_photograph())
    assert large.alpha is not None
    assert large.alpha.dtype == np.uint16


def test_deep_photographs_keep_their_lower_bits(bench: Bench) -> None:
    mask = np.zeros(photograph().shape[:2], np.uint8)
    mask[40:50, 40:60] = 255
    done = bench.repair(deep_file(deep_photograph()), file_of(mask))
    image = bench.picture(done["refine"].outputs["image"])
    np.testing.assert_array_equal(image.pixels[:30], deep_photograph()[:30])


def test_the_assessment_tells_how_sure_the_detector_was(bench: Bench) -> None:
    done = bench.repair(source("plain"), spots(), format="png")
    inputs = {"source": bench.put("photo", source("plain")), "mask": done["mask"].outputs["mask"]}
    inputs |= done["refine"].outputs
    assert bench.run("assess", "comparison", inputs, detector_score=0.4).signals.detector_score == 0.4
    assert done["assess"].signals.detector_score is None
    with pytest.raises(BadInput) as refused:
        bench.run("assess", "comparison", inputs, detector_score=1.4)
    assert refused.value.code == "parameter"
