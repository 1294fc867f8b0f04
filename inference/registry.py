"""Models by name: their cards, and the adapters that run them."""

import importlib
from collections import OrderedDict
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from inference.card_files import CARDS, Cards, own_cards_folder, read_cards
from inference.weights import models_folder, verified_weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from schemas.stage import ModelUse, Stage, WeightUse

KEPT = 8
"""Loaded adapters that stay in memory: one chain needs five, and a second upscaler and masker fit beside them."""

_LIBRARIES = (
    "numpy",
    "pillow",
    "opencv-contrib-python-headless",
    "pypatchmatch",
    "onnxruntime",
    "ai-edge-litert",
    "ncnn",
    "torch",
)


class Models(Protocol):
    """What a stage needs of a registry."""

    def card(self, name: str, stage: Stage | None = None) -> ModelCard:
        """Find a card."""
        ...

    def load(self, name: str) -> Any:
        """Return a ready adapter."""
        ...


class Registry:
    """Cards from folders of YAML files, adapters on demand.

    Parameters
    ----------
    cards
        Folder with one ``NAME.yaml`` a model: those that ship.
    weights
        Folder with the weight files, and with cards of the user's own; ``models_folder()`` when not given.
    """

    def __init__(self, cards: Path = CARDS, weights: Path | None = None) -> None:
        self._cards_folder = cards
        self._weights_folder = weights or models_folder()
        self._cards: Cards | None = None
        self._loaded: OrderedDict[str, Any] = OrderedDict()
        self._lock = RLock()

    def cards(self) -> list[ModelCard]:
        """All cards, by name.

        Raises
        ------
        PermanentFailure
            ``broken_card`` naming the file.
        """
        return list(self._read().by_name.values())

    def broken(self) -> dict[str, str]:
        """What is wrong with cards of the user's own that could not be used, by model."""
        return dict(self._read().broken)

    def _read(self) -> Cards:
        with self._lock:
            if self._cards is None:
                self._cards = read_cards(self._cards_folder, own_cards_folder(self._weights_folder))
            return self._cards

    def card(self, name: str, stage: Stage | None = None) -> ModelCard:
        """Find a card, and check that it is for this stage.

        Raises
        ------
        PermanentFailure
            ``unknown_model``, naming those that there are for the stage; ``broken_card`` for one of the user's own.
        """
        if name in self._read().broken:
            raise PermanentFailure(self._read().broken[name], code="broken_card")
        wanted = stage.kind if stage else None
        fitting = {card.name: card for card in self.cards() if wanted in (None, card.stage)}
        if name not in fitting:
            names = ", ".join(sorted(fitting)) or "none"
            for_stage = f" for `{wanted}`" if wanted else ""
            raise PermanentFailure(f"There is no model `{name}`{for_stage}. There are: {names}.", code="unknown_model")
        return fitting[name]

    def load(self, name: str) -> Any:
        """Return a ready adapter; the least recently used of more than ``KEPT`` is let go.

        Raises
        ------
        PermanentFailure
            ``unknown_model``, ``weights_missing``, ``weights_changed`` or ``broken_card``.
        """
        with self._lock:
            if name not in self._loaded:
                card = self.card(name)
                self._loaded[name] = _adapter_class(card)(card, verified_weights(card, self._weights_folder))
            self._loaded.move_to_end(name)
            while len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
            return self._loaded[name]


def model_use(card: ModelCard) -> ModelUse:
    """Say which model did it, precisely enough to do it again."""
    return ModelUse(
        name=card.name,
        version=card.version,
        licence=card.licence,
        commercial_use=card.commercial_use,
        weights=[WeightUse(file=weights.file, sha256=weights.sha256) for weights in card.weights],
        libraries=_library_versions(),
    )


def _adapter_class(card: ModelCard) -> Any:
    module, _, name = card.adapter.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        message = f"The adapter of `{card.name}`, {card.adapter}, cannot be imported: {error}"
        raise PermanentFailure(message, code="broken_card") from error


@cache
def _library_versions() -> dict[str, str]:
    """Versions of the libraries that touch pixels, as installed."""
    installed = {str(package.metadata["Name"]).lower(): package.version for package in metadata.distributions()}
    return {name: installed[name] for name in _LIBRARIES if name in installed}
