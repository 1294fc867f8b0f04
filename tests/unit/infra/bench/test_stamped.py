"""Stamped tasks have a known truth: the artwork lies where the mask says, and nowhere else."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from infra.bench.quality.artworks import ARTWORKS
from infra.bench.quality.stamped import draw

Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kit")
    (root / "photos").mkdir()
    for number in range(5):
        pixels = np.random.default_rng(number).integers(60, 200, (360, 420, 3), np.uint8)
        Image.fromarray(pixels).save(root / "photos" / f"{number}.png")
    return root


@pytest.fixture(scope="module")
def lines(root: Path) -> Lines:
    return _read(draw(root, sorted((root / "photos").iterdir())))


def test_every_artwork_is_stamped_somewhere_and_on_a_folder(lines: Lines) -> None:
    for kind in ("registered", "folder"):
        assert {line["style"] for line in lines if line["kind"].startswith(kind)} == set(ARTWORKS)


def test_only_the_mask_is_changed_and_most_of_it_is(root: Path, lines: Lines) -> None:
    lossless = [line for line in lines if not line["jpeg_input"] and line["mask"]]
    assert lossless
    for line in lossless:
        given, truth, mask = (np.asarray(Image.open(root / line[name])) for name in ("input", "gt", "mask"))
        changed = (given != truth).any(axis=2)
        assert not (changed & (mask == 0)).any()
        assert changed.sum() > 0.3 * (mask > 0).sum()


def test_a_folder_shares_its_mark_at_one_place_from_the_corner(root: Path, lines: Lines) -> None:
    paths = [line["mask"] for line in lines if line["mask"] and line["id"].startswith("folder_ring")]
    masks = [np.asarray(Image.open(root / path)) for path in paths]
    assert len(masks) > 1
    assert all((mask == masks[0]).all() for mask in masks)


def test_drawing_again_draws_the_same(root: Path, lines: Lines) -> None:
    before = {line["input"]: (root / line["input"]).read_bytes() for line in lines}
    assert _read(draw(root, sorted((root / "photos").iterdir()))) == lines
    assert all((root / name).read_bytes() == data for name, data in before.items())


def _read(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text().splitlines()]
