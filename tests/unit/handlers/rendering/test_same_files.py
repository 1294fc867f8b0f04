"""Made again, every file for pages and prints is the same bytes: a replay can hold it against its record."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from handlers.rendering.further import further_files
from handlers.rendering.metadata import NOTHING
from schemas.delivering import DeliverStep
from tests.unit.handlers.rendering.samples import P3, master, photograph, saved

WEB = {"widths": [120, 200], "formats": ["avif", "webp", "jpeg"]}


def _bytes(path: Path, folder: Path, step: DeliverStep) -> dict[str, bytes]:
    folder.mkdir()
    pictures = {"native": master(path)}
    return {file.name: file.path.read_bytes() for file in further_files(step, pictures, {"native": NOTHING}, folder)}


@pytest.mark.parametrize("icc", [None, P3], ids=["sRGB", "Display P3"])
@pytest.mark.parametrize(
    ("web", "printed"),
    [
        (WEB, None),
        (None, {"format": "tiff", "width_mm": 40, "dpi": 300}),
        (None, {"format": "png", "width_mm": 40, "dpi": 300, "icc": "srgb"}),
        (None, {"format": "jpeg", "width_mm": 20, "dpi": 150, "icc": "srgb"}),
    ],
)
def test_a_file_that_is_made_again_is_the_same(tmp_path: Path, icc: bytes | None, web: Any, printed: Any) -> None:
    path = saved(photograph(), tmp_path / "cat.png", icc_profile=icc)
    step = DeliverStep.model_validate({"web": web, "print": printed})
    first = _bytes(path, tmp_path / "first", step)
    waste = [Image.new("RGB", (300 + number, 200)) for number in range(20)]  # what follows lies elsewhere in memory
    assert _bytes(path, tmp_path / "second", step) == first
    assert first
    assert waste
