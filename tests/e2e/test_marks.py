"""A registered mark, from its artwork to a delivered photograph without it."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from infra.local.info import StackInfo
from schemas.asset import Status
from schemas.stage import Stage
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.test_cli_edit import run

OPACITY = 0.45


def logo() -> Image.Image:
    """A red disc in a white ring, with letters, opaque on a transparent ground."""
    artwork = Image.new("RGBA", (240, 120))
    pen = ImageDraw.Draw(artwork)
    pen.ellipse((14, 14, 106, 106), outline="white", width=9)
    pen.ellipse((40, 40, 80, 80), fill=(220, 30, 40, 255))
    pen.text((118, 30), "acme", fill="white", font_size=48)
    return artwork


def marked(photo: Image.Image, mark: Image.Image, place: tuple[int, int], width: int) -> tuple[Image.Image, np.ndarray]:
    """Lay a mark over a photograph; return that, and where it changed anything."""
    size = (width, round(width * mark.height / mark.width))
    small = mark.resize(size, Image.Resampling.LANCZOS)
    small.putalpha(small.getchannel("A").point(lambda value: value * OPACITY))
    over = Image.new("RGBA", photo.size)
    over.paste(small, place)
    dirty = Image.alpha_composite(photo.convert("RGBA"), over).convert("RGB")
    return dirty, (np.asarray(dirty) != np.asarray(photo)).any(axis=2)


def psnr(picture: np.ndarray, truth: Image.Image, where: np.ndarray) -> float:
    """In decibels, over the pixels that the mark changed."""
    return float(10 * np.log10(255**2 / np.square(picture[where] - np.asarray(truth, float)[where]).mean()))


@pytest.fixture
def registered(deployment: Deployment, local_stack: StackInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Register the logo as a person does; the stack is shared, so it is taken away again."""
    monkeypatch.setattr("infra.local.stack.attach", lambda *_: local_stack)
    file = tmp_path / "Acme.png"
    logo().save(file)
    code, output = run("marks", "add", file)
    assert (code, "Registered `acme`" in output) == (0, True), output
    yield deployment.client.marks.show("acme")
    assert run("marks", "remove", "acme")[0] == 0


@pytest.mark.weights
def test_a_registered_mark_is_found_subtracted_and_written_down(deployment: Deployment, registered) -> None:
    clean = pictures.cat()
    dirty, where = marked(clean, logo(), (20, 120), 137)
    key = deployment.key("remove-watermark", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty)))

    assert asset.status is Status.DELIVERED, asset.outcome
    after = pictures.decoded(deployment.delivered(key))
    gain = psnr(after, clean, where) - psnr(np.asarray(dirty), clean, where)
    assert gain >= 20
    stages = {stage.stage: stage for stage in asset.stages}
    found = [each for each in stages[Stage.MASK].detections if each.label == "mark acme"]
    assert len(found) == 1
    assert abs(found[0].box.x - 20) < 15
    for stage in (Stage.MASK, Stage.INPAINT):
        assert stages[stage].inputs["mark-acme"] == registered.artwork
    assert stages[Stage.INPAINT].inputs["sightings"] == stages[Stage.MASK].outputs["sightings"]
    assert [each.label for each in stages[Stage.INPAINT].detections] == ["mark acme"]
    assert {area.model for area in stages[Stage.INPAINT].areas} >= {"unblend"}
    assert "overlays\tmark acme" in run("status", asset.asset_id)[1]


@pytest.mark.weights
def test_a_photograph_without_the_registered_mark_is_delivered_untouched(deployment: Deployment, registered) -> None:
    data = pictures.encoded(pictures.coffee(200, 150))
    key = deployment.key("remove-watermark", "clean.png")
    asset = deployment.outcome(deployment.put(key, data))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.DELIVERED, "untouched")
    assert np.array_equal(pictures.decoded(deployment.delivered(key)), pictures.decoded(data))


def test_artwork_comes_back_as_it_was_sent_and_a_removed_mark_is_gone(
    deployment: Deployment, registered, tmp_path: Path
) -> None:
    code, output = run("marks", "show", "acme", "-o", tmp_path / "back.png")
    assert (code, registered.sha256 in output) == (0, True)
    with Image.open(io.BytesIO((tmp_path / "back.png").read_bytes())) as back:
        assert np.array_equal(np.asarray(back), np.asarray(logo()))
    assert "acme" in run("marks", "list")[1]


def test_artwork_that_shows_nothing_is_refused_in_words(registered, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "navy").save(tmp_path / "navy.png")
    code, output = run("marks", "add", tmp_path / "navy.png")
    assert (code, "one colour all over" in output) == (1, True)
