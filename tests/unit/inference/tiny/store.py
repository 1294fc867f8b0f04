"""A model store of one test: cards and weights by checksum, as ``cleanplate models add`` leaves them."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from inference.registry import CARDS, Registry
from schemas.model_card import ModelCard

SMALL = {"megapixels": 0.004, "num_inference_steps": 2}
"""Of the defaults on cards of diffusion models: 64 x 64 pixels, two steps."""


def registry_of(root: Path, models: Mapping[str, Path], *, needed_only: bool = True) -> Registry:
    """A registry of shipped cards, by name, to which the files of a folder were added as weights.

    Nothing but what the card says that it needs, so that what it says is enough; ``needed_only`` may be switched off.
    """
    cards, weights = root / "cards", root / "weights"
    cards.mkdir(exist_ok=True)
    for name, folder in models.items():
        card = yaml.safe_load((CARDS / f"{name}.yaml").read_text())
        shipped = ModelCard.model_validate(card)
        entries = [entry for entry in stored(folder, weights) if not needed_only or shipped.admits(entry["file"])]
        card["weights"] = entries
        card["needs"] = card["needs"] if needed_only else [entry["file"] for entry in entries]
        card["defaults"] = {key: SMALL.get(key, value) for key, value in card.get("defaults", {}).items()}
        (cards / f"{name}.yaml").write_text(yaml.safe_dump(card))
    return Registry(cards, weights)


def stored(folder: Path, weights: Path) -> list[dict[str, Any]]:
    """Copy every file of a folder into the store; their entries on a card."""
    entries = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        name = path.relative_to(folder).as_posix()
        place = weights / sha256[:16] / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        facts = {"source": path.as_uri(), "sha256": sha256, "size_bytes": path.stat().st_size, "licence": "MIT"}
        entries.append({"file": name, **facts})
    return entries
