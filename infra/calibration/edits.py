"""Edits with known truth, kept on disk, so that signals can be measured anew without repairing anew."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from inference.compositing.edits import EditLayer
from inference.compositing.edits_file import as_png, pack, unpack
from inference.protocols import Rgb
from infra.bench.quality.kit import Kit
from infra.bench.quality.repair import recipe, repair
from infra.calibration.damage import HOLES, Damaged, compressed, grained, hole, mark, stamp
from schemas.finding import Guard
from schemas.recipe import ModelStep

WINDOW = (512, 640)
"""Height and width at most, pixels, of what is cut out of a photograph."""
LARGE_WINDOW = (960, 1200)
"""The same for the one edit of every other photograph that is made at its full size."""
SCALES = (1.0, 0.7, 0.5, 0.35, 0.25)
"""By which photographs are brought to other sizes, as long as enough is left: cameras differ in detail a pixel."""
_LEAST_SIDE = 400

_LARGEST_TASK = 2_000_000
"""Pixels. The kit's one larger task takes as long as all others together."""
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


def make(photo: Path, to: Path, *, holes: int = 6, marks: int = 3) -> None:
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
        damaged = compressed(mark(_view(rgb, rng), rng), rng)
        for model in ("unblend", "by-hole"):
            _keep(damaged, photo.stem, number, model, to)
    rng = _rng(photo, "stamp", 0)
    _keep(stamp(_view(rgb, rng), rng), photo.stem, holes + marks, "unblend", to)
    rng = _rng(photo, "large", 0)
    if min(rgb.shape[:2]) >= LARGE_WINDOW[0] and rng.random() < 0.5:
        large = hole(_cut(rgb, LARGE_WINDOW, rng), str(rng.choice(["box", "blob"])), rng)
        _keep(replace(large, kind="large"), photo.stem, holes + marks + 1, "by-hole", to)


def make_from_kit(kit: Kit, to: Path, models: Sequence[str] = ("by-hole", *FILLS)) -> None:
    """Repair the tasks of a kit for which there are a mask and the truth: other masks and marks than ours.

    What is marked is unblended, too.
    """
    for task in kit.tasks:
        if task.task not in ("hole", "wm", "obj", "grain") or task.mask is None:
            continue
        truth, source = kit.rgb(task.truth), kit.rgb(task.input)
        if truth.shape[0] * truth.shape[1] > _LARGEST_TASK:
            continue
        damaged = Damaged(f"{task.task}-{task.kind.partition('/')[0]}", truth, source, kit.mask(task.mask))
        for model in ("unblend", "by-hole") if task.task == "wm" else models:
            _keep(damaged, f"kit-{task.id}".replace("/", "-"), 0, model, to)


def repaired(damaged: Damaged, model: str) -> EditLayer | None:
    """Fill and refine with the stages of a deployment. Guards change nothing of that, and take a third of the time."""
    shipped = recipe("remove-object")
    policy = shipped.policy.model_copy(update={"guards": dict.fromkeys(Guard, False)})
    order = shipped.model_copy(update={"inpaint": ModelStep(model=model), "policy": policy})
    return repair(as_png(damaged.source), order, mask=as_png(damaged.mask)).layer


def stored(folder: Path, names: Iterable[str]) -> Iterator[Edit]:
    """Read edits that were made; a name of which there is none, or only a part, is passed over."""
    for place in (folder / name for name in names):
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
    (place / "truth.png").write_bytes(as_png(damaged.truth))
    (place / "source.png").write_bytes(as_png(damaged.source))
    (place / "facts.json").write_text(json.dumps({"photo": photo, "kind": damaged.kind, "model": model}))
    (place / "edits.zip").write_bytes(pack(layer))  # last: its presence says that the rest is there


def _view(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Cut a window out of the photograph, brought to one of several sizes."""
    short = min(rgb.shape[:2])
    scale = float(rng.choice([scale for scale in SCALES if scale == 1 or short * scale >= _LEAST_SIDE]))
    if scale < 1:
        size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
        rgb = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
    return _cut(rgb, WINDOW, rng)


def _cut(rgb: Rgb, window: tuple[int, int], rng: np.random.Generator) -> Rgb:
    height, width = min(rgb.shape[0], window[0]), min(rgb.shape[1], window[1])
    top, left = int(rng.integers(0, rgb.shape[0] - height + 1)), int(rng.integers(0, rgb.shape[1] - width + 1))
    return np.ascontiguousarray(rgb[top : top + height, left : left + width])


def _rng(photo: Path, sort: str, number: int) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{photo.stem}/{sort}/{number}".encode()))


def _read(path: Path) -> Rgb:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))
