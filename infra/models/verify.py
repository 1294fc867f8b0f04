"""Read every file of the models folder again, and say which of them are not what they should be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inference.registry import Registry
from inference.weights import file_sha256
from infra.models.contents.check import check_content
from infra.models.store import Store
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard, Weights


@dataclass(frozen=True)
class Verdict:
    """What was found of one file."""

    model: str
    file: str
    state: Literal["right", "missing", "changed", "refused", "stray"]
    said: str = ""

    @property
    def bad(self) -> bool:
        """Whether the model cannot be loaded as it is meant. Missing files are fetched, strays are read by nobody."""
        return self.state in ("changed", "refused")


def verify(
    names: Sequence[str] = (), *, registry: Registry | None = None, folder: Path | None = None
) -> Iterator[Verdict]:
    """Hash the files of these models, or of all, and look into each.

    When no name is given, files are found as well that belong to no model.
    """
    store = Store(folder)
    registry = registry or store.registry()
    for card in [registry.card(name) for name in names] or registry.cards():
        for weights in card.weights:
            yield _verdict(store, card, weights)
    if not names:
        for path in strays(store, registry):
            yield Verdict("", str(path.relative_to(store.folder)), "stray", "no card names it")


def strays(store: Store, registry: Registry) -> list[Path]:
    """Weight files that belong to no model: what was left when a card was taken away by hand, or an ``add`` failed."""
    known = {store.path(weights) for card in registry.cards() for weights in card.weights}
    return [path for path in _files(store) if path not in known]


def _verdict(store: Store, card: ModelCard, weights: Weights) -> Verdict:
    path = store.path(weights)
    if not path.is_file():
        return Verdict(card.name, weights.file, "missing", f"cleanplate models pull {card.name}")
    if (found := file_sha256(path)) != weights.sha256:
        return Verdict(card.name, weights.file, "changed", f"has checksum {found}: remove {path} and bring it again")
    try:
        check_content(path, weights.file, [each.file for each in card.weights])
    except PermanentFailure as error:
        return Verdict(card.name, weights.file, "refused", error.message)
    return Verdict(card.name, weights.file, "right")


def _files(store: Store) -> Iterator[Path]:
    """Weight files: those in folders that are named by checksums, and not what the store keeps for itself."""
    for folder in sorted(store.folder.glob("[0-9a-f]" * 16)):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
