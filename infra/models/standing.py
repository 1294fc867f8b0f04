"""How a model stands: whether its files are here, and which command brings them."""

from dataclasses import dataclass
from typing import Literal

from infra.models.store import Store
from schemas.model_card import ModelCard


@dataclass(frozen=True)
class Standing:
    """A model's files on this machine."""

    state: Literal["none needed", "present", "missing", "to be added"]
    size_bytes: int
    """Of all files that the card names, here or not."""
    command: str = ""
    """What brings those that are missing."""


def standing(card: ModelCard, store: Store) -> Standing:
    """Look up how a model stands."""
    size = sum(weights.size_bytes for weights in card.weights)
    if card.unmet:
        return Standing("to be added", size, f"cleanplate models add SOURCE --model {card.name}")
    if not card.weights:
        return Standing("none needed", 0)
    if all(store.has(weights) for weights in card.weights):
        return Standing("present", size)
    return Standing("missing", size, f"cleanplate models pull {card.name}")
