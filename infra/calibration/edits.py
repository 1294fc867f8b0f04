"""Edits with known truth, kept on disk, so that signals can be measured anew without repairing anew."""

import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from inference.compositing.edits import EditLayer
from inference.compositing.edits_file import pack, unpack
from inference.protocols import Rgb
from infra.bench.quality.repair import recipe, repair
from infra.calibration.damage import HOLES, Damaged, grained, hole, mark, stamp
from schemas.recipe import ModelStep

WINDOW = (512, 640)
"""Height and width at most, pixels, of what is cut out of a photograph."""

FILLS = ("telea", "fsr", "patchmatch", "exemplar")
"""Models that take turns beside ``by-hole``, which fills every hole."""


@dataclass(frozen=True, eq=False)
class Edit:
    """One repair. ``facts`` tells photo, kind and model; both pictures are ``(H, W, 3)`` uint8."""

    name: str
    truth: Rgb
    source: Rgb
    layer: EditLayer
    facts: dict[str, Any]


def make(photo: Path, to: Path, *, holes: int = 6, marks: int = 2) -> None:
    """Damage and repair one photograph in several ways; what lies there already is not made again.

    The same photograph gives the same edits everywhere: random numbers are seeded by its file name.
    """
    with Image.open(photo) as image:
        rgb = np.asarray(image.convert("RGB"))
    for number in range(holes):
        rng = _rng(photo, "hole", number)
        kind = list(HOLES)[(number + zlib.crc32(photo.stem.encode())) % len(HOLES)]
        view = _view(rgb, rng)
        damaged = hole(grained(view, rng) if rng.random() < 0.2 else view, kind, rng)
        for model in ("by-hole", str(rng.choice(FILLS))):
            _keep(damaged, photo.stem, number, model, to)
    for number in range(holes, holes + marks):
        rng = _rng(photo, "mark", number)
        damaged = mark(_view(rgb, rng), rng)
        for model in ("unblend", "by-hole"):
            _keep(damaged, photo.stem, number, model, to)
    rng = _rng(photo, "stamp", 0)
    _keep(stamp(_view(rgb, rng), rng), photo.stem, holes + marks, "unblend", to)


def repaired(damaged: Damaged, model: str) -> EditLayer | None:
    """Fill and refine with the stages of a deployment."""
    order = recipe("remove-object").model_copy(update={"inpaint": ModelStep(model=model)})
    return repair(_png(damaged.source), order, mask=_png(damaged.mask)).layer


def stored(folder: Path) -> Iterator[Edit]:
    """Read what was made, by name."""
    for place in sorted(folder.iterdir()):
        if (place / "edits.zip").is_file():
            facts = json.loads((place / "facts.json").read_text())
            truth, source = (_read(place / f"{name}.png") for name in ("truth", "source"))
            yield Edit(place.name, truth, source, unpack((place / "edits.zip").read_bytes()), facts)


def _keep(damaged: Damaged, photo: str, number: int, model: str, to: Path) -> None:
    place = to / f"{photo}-{number}-{model}"
    if (place / "edits.zip").is_file() or not damaged.mask.any():
        return
    layer = repaired(damaged, model)
    if layer is None:
        return
    place.mkdir(parents=True, exist_ok=True)
    (place / "truth.png").write_bytes(_png(damaged.truth))
    (place / "source.png").write_bytes(_png(damaged.source))
    (place / "facts.json").write_text(json.dumps({"photo": photo, "kind": damaged.kind, "model": model}))
    (place / "edits.zip").write_bytes(pack(layer))  # last: its presence says that the rest is there


def _view(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Cut a window out of the photograph, as it is or at half its size."""
    if min(rgb.shape[0] // 2, rgb.shape[1] // 2) >= 256 and rng.random() < 0.5:
        half = Image.fromarray(rgb).resize((rgb.shape[1] // 2, rgb.shape[0] // 2), Image.Resampling.LANCZOS)
        rgb = np.asarray(half)
    height, width = min(rgb.shape[0], WINDOW[0]), min(rgb.shape[1], WINDOW[1])
    top, left = int(rng.integers(0, rgb.shape[0] - height + 1)), int(rng.integers(0, rgb.shape[1] - width + 1))
    return np.ascontiguousarray(rgb[top : top + height, left : left + width])


def _rng(photo: Path, sort: str, number: int) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{photo.stem}/{sort}/{number}".encode()))


def _png(values: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(values).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _read(path: Path) -> Rgb:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
