"""Take models out of the models folder again."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.registry import Registry
from infra.models.store import Store
from infra.models.verify import strays


@dataclass(frozen=True)
class Removed:
    """What a removal did."""

    files: int
    freed_bytes: int
    shared: list[str]
    """Files that stayed, because another model has them too."""


def remove(names: Sequence[str], *, registry: Registry | None = None, folder: Path | None = None) -> Removed:
    """Delete these models' weights, what an interrupted fetch left of them, and cards of the user's own.

    A file that another model has too stays. What was accepted stays written down.

    Raises
    ------
    PermanentFailure
        ``unknown_model``; then nothing was deleted.
    """
    store = Store(folder)
    registry = registry or store.registry()
    broken = set(names) & registry.broken().keys()
    cards = [registry.card(name) for name in names if name not in broken]
    elsewhere = {
        store.path(weights) for other in registry.cards() if other.name not in names for weights in other.weights
    }
    files, freed, shared = 0, 0, []
    for weights in (weights for card in cards for weights in card.weights):
        if store.path(weights) in elsewhere:
            shared.append(weights.file)
        elif size := store.drop(weights):
            files, freed = files + 1, freed + size
    with store.alone("cards"):
        for name in names:
            (store.cards / f"{name}.yaml").unlink(missing_ok=True)
    return Removed(files, freed, shared)


def remove_strays(*, registry: Registry | None = None, folder: Path | None = None) -> Removed:
    """Delete the weight files that no card names, and what interrupted fetches left.

    Files of a broken card count as nobody's: mend the card first.
    """
    store = Store(folder)
    found = strays(store, registry or store.registry())
    freed = sum(path.stat().st_size for path in found)
    for path in found:
        path.unlink(missing_ok=True)
    shutil.rmtree(store.folder / ".parts", ignore_errors=True)
    return Removed(len(found), freed, [])
