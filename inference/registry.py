"""Models by name: their cards, and the adapters that run them."""

import importlib
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from inference.card_files import CARDS, Cards, own_cards_folder, read_cards
from inference.loaded import Held, LoadedAdapters, budget_from, place_of, size_of
from inference.nets.out_of_memory import is_out_of_memory
from inference.weights import models_folder, verified_weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from schemas.stage import ModelUse, Stage, WeightUse

_GPU_EXTRA = ("torch", "torchvision", "diffusers", "transformers", "spandrel", "safetensors", "accelerate")
_LIBRARIES = (
    "numpy",
    "pillow",
    "opencv-contrib-python-headless",
    "pypatchmatch",
    "onnxruntime",
    "ai-edge-litert",
    "ncnn",
    *_GPU_EXTRA,
)


class Models(Protocol):
    """What a stage needs of a registry."""

    def card(self, name: str, stage: Stage | None = None) -> ModelCard:
        """Find a card."""
        ...

    def load(self, name: str) -> Any:
        """Return a ready adapter."""
        ...

    def release(self) -> None:
        """Let go of all loaded adapters."""
        ...


class Registry:
    """Cards from folders of YAML files, adapters on demand.

    Parameters
    ----------
    cards
        Folder with one ``NAME.yaml`` a model: those that ship.
    weights
        Folder with the weight files, and with cards of the user's own; ``models_folder()`` when not given.
    memory
        Bytes that loaded adapters may take; see :func:`inference.loaded.budget_from`.
    """

    def __init__(
        self, cards: Path = CARDS, weights: Path | None = None, memory: Mapping[str, int] | int | str | None = None
    ) -> None:
        self._cards_folder = cards
        self._weights_folder = weights or models_folder()
        self._cards: Cards | None = None
        self._loaded = LoadedAdapters(budget_from(memory))
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
        """Return a ready adapter; the least recently used ones make room for it.

        Raises
        ------
        PermanentFailure
            ``unknown_model``, ``weights_missing``, ``weights_changed``, ``library_missing`` or ``broken_card``.
        """
        with self._lock:
            if (adapter := self._loaded.get(name)) is None:
                card = self.card(name)
                adapter = self._build(card)
                self._loaded.add(name, Held(adapter, place_of(adapter), size_of(adapter, card)))
            return adapter

    def release(self) -> None:
        """Let go of all loaded adapters: whoever comes next finds the devices empty."""
        with self._lock:
            self._loaded.clear()

    def _build(self, card: ModelCard) -> Any:
        weights = verified_weights(card, self._weights_folder)
        self._loaded.make_room(_expected_place(card), sum(each.size_bytes for each in card.weights))
        try:
            return _new_adapter(card, weights)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        # The estimate was wrong, or others use the device: once more, with all of it that is ours.
        self._loaded.clear()
        return _new_adapter(card, weights)


def model_use(card: ModelCard, device: str = "cpu") -> ModelUse:
    """Say which model did it, and where, precisely enough to do it again."""
    return ModelUse(
        name=card.name,
        version=card.version,
        licence=card.licence,
        commercial_use=card.commercial_use,
        generative=card.generative,
        weights=[WeightUse(file=weights.file, sha256=weights.sha256) for weights in card.weights],
        libraries=_library_versions(),
        device=device,
    )


def _expected_place(card: ModelCard) -> str:
    """Where an adapter will lie, before it can be asked: only torch's go to an accelerator, all from safetensors."""
    if not any(weights.file.endswith(".safetensors") for weights in card.weights):
        return "cpu"
    from inference.nets.device import device

    return device()


def _new_adapter(card: ModelCard, weights: Mapping[str, Path]) -> Any:
    try:
        return _adapter_class(card)(card, weights)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        extra = "gpu" if package in _GPU_EXTRA else "local"
        message = f"`{card.name}` needs {package}: install Cleanplate with its `{extra}` extra."
        raise PermanentFailure(message, code="library_missing") from error


def _adapter_class(card: ModelCard) -> Any:
    module, _, name = card.adapter.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("inference"):
            raise
        message = f"The adapter of `{card.name}`, {card.adapter}, cannot be imported: {error}"
        raise PermanentFailure(message, code="broken_card") from error


@cache
def _library_versions() -> dict[str, str]:
    """Versions of the libraries that touch pixels, as installed."""
    installed = {str(package.metadata["Name"]).lower(): package.version for package in metadata.distributions()}
    return {name: installed[name] for name in _LIBRARIES if name in installed}
