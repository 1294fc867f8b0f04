"""``cleanplate marks learn``: from a folder to a file and to the marks that are registered."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.unit.inference.unblending.folders import logo, pictures, stamp
from tests.unit.infra.cli.test_commands import _no_stack, run
from tests.unit.infra.cli.test_marks import Shelf, shelf

__all__ = ["_no_stack", "shelf"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "marked"
    place.mkdir()
    for index, rgb in enumerate(pictures(8, one_size=True)):
        Image.fromarray(stamp(rgb, logo(0.5), 1, 1)).save(place / f"{index}.png")
    return place


def test_what_was_learned_is_written_and_registered(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "acme.png"
    code, output = run("marks", "learn", folder, "--name", "acme", "--out", out)
    assert code == 0, output
    assert shelf.sent == [("acme", out.read_bytes())]
    rgba = np.asarray(Image.open(io.BytesIO(shelf.sent[0][1])))
    assert rgba.shape[2] == 4
    assert abs(np.percentile(rgba[..., 3], 95) / 255 - 0.5) < 0.06


def test_a_file_that_is_no_picture_is_left_out_and_said(shelf: Shelf, folder: Path, tmp_path: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"no picture")
    code, output = run("marks", "learn", folder, "--out", tmp_path / "acme.png")
    assert (code, shelf.sent) == (0, [])
    assert "broken.jpg is left out" in output


def test_of_too_few_pictures_nothing_is_registered(shelf: Shelf, folder: Path) -> None:
    for index in range(4):
        (folder / f"{index}.png").unlink()
    code, output = run("marks", "learn", folder, "--name", "acme")
    assert (code, shelf.sent) == (1, [])
    assert "4 pictures are not enough" in output


def test_without_a_name_or_a_file_nothing_is_begun(folder: Path) -> None:
    assert run("marks", "learn", folder)[0] == 2
