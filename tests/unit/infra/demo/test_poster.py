from pathlib import Path

import pytest
from PIL import Image

from infra.client import AssetView
from infra.demo.poster import poster
from infra.report.page import Entry
from tests.unit.infra.report.conftest import document


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    """A grey photograph whose middle was masked and came out blue."""
    before, mask, after = (tmp_path / f"{name}.png" for name in ("before", "mask", "after"))
    Image.new("RGB", (600, 400), (90, 90, 90)).save(before)
    hole = Image.new("L", (600, 400))
    hole.paste(255, (250, 150, 350, 250))
    hole.save(mask)
    Image.new("RGB", (600, 400), (0, 0, 200)).save(after)
    return Entry(AssetView.model_validate(document()), "photo", before, mask=mask, after=after, files=[after])


def test_before_mask_and_after_stand_side_by_side(entry: Entry):
    drawn = poster([entry])
    third = drawn.width // 3
    before, masked, after = (drawn.getpixel((third * n + third // 2, drawn.height // 2)) for n in range(3))
    assert (before, after) == ((90, 90, 90), (0, 0, 200))
    assert masked[0] > masked[1] + 100


def test_every_delivered_picture_has_its_row_and_no_other(entry: Entry):
    waiting = Entry(entry.asset, "waiting", entry.before, mask=entry.mask, after=entry.after)
    one, three = poster([entry, waiting]), poster([entry] * 3)
    assert one.width == three.width
    assert three.height > 2.5 * one.height
