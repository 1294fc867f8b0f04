"""The way of a picture on the real template: from the inbox to the delivery bucket."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from schemas.asset import Status
from schemas.policy import Route
from schemas.stage import Stage
from tests.e2e import pictures
from tests.e2e.deployment import Deployment

EDITING_STAGES = [
    Stage.INSPECT,
    Stage.MASK,
    Stage.INPAINT,
    Stage.REFINE,
    Stage.ASSESS,
    Stage.JUDGE,
    Stage.ROUTE,
    Stage.RENDER,
    Stage.DELIVER,
]


def test_a_masked_photo_comes_out_clean_and_untouched_outside_its_mask(deployment: Deployment) -> None:
    clean = pictures.coffee()
    dirty = pictures.lettered(clean)
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key.replace(".png", ".mask.png"), pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))

    assert asset.status is Status.DELIVERED, asset.outcome
    assert asset.outcome is not None
    assert asset.outcome.route is Route.AUTO
    truth, before = np.asarray(clean, float), pictures.decoded(pictures.encoded(dirty.photo))
    after = pictures.decoded(deployment.delivered(key))
    letters = np.asarray(dirty.mask) > 0
    error_before = np.abs(before - truth)[letters].mean()
    assert np.abs(after - truth)[letters].mean() < error_before / 4
    outside = np.asarray(dirty.mask) == 0
    assert np.array_equal(after[outside], before[outside])


def test_every_stage_of_a_run_is_written_down_with_its_model(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee())
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    # Without the cache: another test's repair of the same picture is not what this one is about.
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), cache="false"))

    assert [stage.stage for stage in asset.stages] == EDITING_STAGES
    by_name = {stage.stage: stage for stage in asset.stages}
    fill = by_name[Stage.INPAINT]
    assert fill.model is not None
    assert fill.model.name == "unblend"
    assert fill.model.libraries
    assert fill.areas
    assert fill.model_seconds is not None
    assert 0 < fill.model_seconds <= fill.wall_seconds
    assert by_name[Stage.ASSESS].signals is not None
    assert by_name[Stage.ASSESS].signals.changed_outside_mask == 0


def test_keys_with_spaces_unicode_and_plus_arrive(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(128, 128), "A", 30)
    key = deployment.key("remove-object", "Grüße + mehr/my photo (1).png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
    assert asset.status in (Status.DELIVERED, Status.AWAITING_REVIEW), asset.outcome
    assert asset.source.key == key


def test_a_jpeg_stays_a_jpeg_with_its_profile_and_upright(deployment: Deployment) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Cleanplate test camera"  # stored on its side
    dirty = pictures.lettered(pictures.coffee(256, 192))
    sideways = dirty.photo.transpose(Image.Transpose.ROTATE_90)
    key = deployment.key("remove-watermark", "photo.jpg")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    data = pictures.encoded(sideways, "JPEG", quality=95, exif=exif, icc_profile=profile)
    asset = deployment.outcome(deployment.put(key, data))

    assert asset.status is Status.DELIVERED, asset.outcome
    delivered = Image.open(io.BytesIO(deployment.delivered(key)))
    assert (delivered.format, delivered.size) == ("JPEG", (256, 192))
    assert delivered.info["icc_profile"] == profile
    assert delivered.getexif().get(0x010F) == "Cleanplate test camera"
    assert delivered.getexif().get(0x0112, 1) == 1


@pytest.mark.weights
def test_enhance_enlarges_twofold_and_keeps_a_native_rendition(deployment: Deployment) -> None:
    key = deployment.key("enhance", "small.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(96, 64))))
    assert asset.status is Status.DELIVERED, asset.outcome
    assert pictures.decoded(deployment.delivered(key, "x2")).shape == (128, 192, 3)
    assert np.array_equal(pictures.decoded(deployment.delivered(key, "native")), np.asarray(pictures.coffee(96, 64)))
    assert [stage.stage for stage in asset.stages][1:3] == [Stage.UPSCALE, Stage.ASSESS_UPSCALED]


@pytest.mark.weights
def test_clean_and_print_repairs_and_then_enlarges_by_the_scale_asked_for(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(96, 64), "A", 30)
    key = deployment.key("clean-and-print", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), scale="4"))
    stages = [stage.stage for stage in asset.stages]
    assert stages.index(Stage.ASSESS) < stages.index(Stage.UPSCALE) < stages.index(Stage.ASSESS_UPSCALED)
    enlarged = next(stage for stage in asset.stages if stage.stage is Stage.UPSCALE)
    assert enlarged.model is not None
    assert enlarged.model.name == "span-x4"
    assert asset.best_image is not None


@pytest.mark.weights
def test_a_text_watermark_is_found_without_a_mask(deployment: Deployment) -> None:
    dirty = pictures.lettered(pictures.coffee(320, 256), "SAMPLE", 52)
    key = deployment.key("remove-watermark", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
    found = next(stage for stage in asset.stages if stage.stage is Stage.MASK)
    assert found.detections
    assert "mask" in found.outputs


@pytest.mark.weights
def test_a_photo_without_text_is_delivered_untouched(deployment: Deployment) -> None:
    data = pictures.encoded(pictures.coffee(200, 150))
    key = deployment.key("remove-watermark", "clean.png")
    asset = deployment.outcome(deployment.put(key, data))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.DELIVERED, "untouched")
    assert np.array_equal(pictures.decoded(deployment.delivered(key)), pictures.decoded(data))


def test_a_box_makes_an_object_and_metadata_names_the_recipe(deployment: Deployment) -> None:
    key = deployment.key("somewhere", "photo.png")
    data = pictures.encoded(pictures.coffee())
    asset = deployment.outcome(deployment.put(key, data, recipe="remove-object", box="90,80,60,60"))
    assert asset.recipe == "remove-object@3"
    mask = next(stage for stage in asset.stages if stage.stage is Stage.MASK)
    assert mask.model is not None
    assert mask.model.name == "grabcut"


def test_a_click_makes_an_object(deployment: Deployment) -> None:
    photo, disc = pictures.cat(), (200, 40, 260, 100)
    ImageDraw.Draw(photo).ellipse(disc, fill=(20, 60, 200))
    key = deployment.key("remove-object", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo), point="235,60"))
    mask = next(stage for stage in asset.stages if stage.stage is Stage.MASK)
    assert mask.parameters["point"] == "235,60"
    (found,) = mask.detections
    assert (found.label, abs(found.box.x - 200) < 6, abs(found.box.width - 61) < 8) == ("object", True, True)
    (area,) = next(stage for stage in asset.stages if stage.stage is Stage.INPAINT).areas
    assert area.box.x <= disc[0]
    assert area.box.x + area.box.width >= disc[2]


def test_without_mask_box_or_detector_a_person_is_asked_and_the_run_ends(deployment: Deployment) -> None:
    key = deployment.key("remove-object", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(64, 64))))
    assert asset.status is Status.AWAITING_REVIEW
    assert asset.outcome is not None
    assert asset.outcome.rule == "no-mask"
    assert deployment.items(asset.asset_id, "REVIEW#")
    assert deployment.manifest(key) is None


def test_what_the_policy_doubts_waits_for_a_person_with_its_result_at_hand(deployment: Deployment) -> None:
    photo = pictures.coffee(200, 200)
    mask = Image.new("L", photo.size, 0)
    mask.paste(255, (20, 20, 170, 170))  # 56 % of the picture: above every recipe's limit
    key = deployment.key("remove-object", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo)))
    assert asset.status is Status.AWAITING_REVIEW
    assert asset.outcome is not None
    assert asset.outcome.rule == "mask-share"
    assert asset.best_image is not None
    assert deployment.manifest(key) is None
