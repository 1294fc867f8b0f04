"""Bad input ends in quarantine, in words a person understands, with the original kept."""

import struct
import zlib

import pytest
from PIL import Image

from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_claiming(width: int, height: int) -> bytes:
    """A well-formed PNG of some hundred bytes whose header claims to be far larger."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _animation() -> bytes:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "green", "blue")]
    return pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


BAD = {
    "zero bytes": (b"", "empty"),
    "text named jpg": (b"this is no picture at all " * 20, "unknown_type"),
    "truncated png": (pictures.encoded(pictures.coffee(64, 64))[:-900], "truncated"),
    "truncated jpeg": (pictures.encoded(pictures.coffee(), "JPEG")[:4000], "truncated"),
    "bomb": (_png_claiming(60_000, 60_000), "too_many_pixels"),
    "absurd dimensions": (pictures.encoded(Image.new("L", (31_000, 9))), "bad_dimensions"),
    "animation": (_animation(), "several_frames"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_quarantined_in_words_and_kept(deployment: Deployment, name: str) -> None:
    data, code = BAD[name]
    key = deployment.key("remove-watermark", "photo.jpg")
    asset = deployment.outcome(deployment.put(key, data))
    assert asset.status is Status.QUARANTINED
    assert asset.outcome is not None
    assert asset.outcome.code == code
    assert "Traceback" not in asset.outcome.reason
    assert asset.outcome.reason.endswith(".")
    assert deployment.manifest(key) is None
    kept = deployment.s3.get_object(Bucket=deployment.outputs["InboxBucket"], Key=key)["Body"].read()
    assert kept == data


def test_a_mask_of_another_size_is_quarantined_with_both_sizes(deployment: Deployment) -> None:
    key = deployment.key("remove-object", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(Image.new("L", (40, 30), 255)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(64, 48))))
    assert asset.status is Status.QUARANTINED
    assert asset.outcome is not None
    assert "40 x 30" in asset.outcome.reason
    assert "64 x 48" in asset.outcome.reason


def test_a_mask_that_covers_everything_is_refused_in_words(deployment: Deployment) -> None:
    key = deployment.key("remove-object", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(Image.new("L", (64, 48), 255)))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(64, 48))))
    assert asset.status is Status.QUARANTINED
    assert asset.outcome is not None
    assert asset.outcome.code == "mask_covers_everything"


def test_metadata_that_names_an_unknown_recipe_is_quarantined_before_anything_runs(deployment: Deployment) -> None:
    key = deployment.key("somewhere", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(32, 32)), recipe="make-coffee"))
    assert asset.status is Status.QUARANTINED
    assert asset.outcome is not None
    assert "remove-watermark" in asset.outcome.reason  # names those there are
    assert asset.run_id == ""
