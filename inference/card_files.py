"""Model cards as files: those that ship, and those of the user's own in the models folder."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.errors import PermanentFailure
from schemas.model_card import AddedWeights, ModelCard

CARDS = Path(__file__).parent / "cards"
_LARGEST = 1 << 20
"""Bytes. A pipeline of thirty files has a card of 10 kB."""

logger = logging.getLogger("cleanplate.cards")


@dataclass(frozen=True)
class Cards:
    """Every model by name, and what is wrong with the cards that could not be used."""

    by_name: dict[str, ModelCard]
    broken: dict[str, str] = field(default_factory=dict)


def own_cards_folder(models: Path) -> Path:
    """Where the user's own cards lie: beside the weights, so that both are packed and carried together."""
    return models / "cards"


def read_card(path: Path) -> ModelCard:
    """Read a card; the file is named after the model.

    Raises
    ------
    PermanentFailure
        ``broken_card`` naming the file.
    """
    try:
        card = ModelCard.model_validate(_document(path))
    except (yaml.YAMLError, ValueError) as error:
        raise PermanentFailure(f"The model card {path} is broken: {_reason(error)}", code="broken_card") from error
    if card.name != path.stem:
        raise PermanentFailure(f"The model card {path} calls itself `{card.name}`.", code="broken_card")
    return card


def read_cards(shipped: Path, own: Path) -> Cards:
    """Read all cards.

    A file in ``own`` is either a whole card under a name that does not ship, whose adapter is one that a shipped card
    names; or it says ``completes: NAME`` and brings the files that the shipped card needs, and no more than that.
    One that cannot be used is left out with its reason, so that it takes no other model down with it.

    Raises
    ------
    PermanentFailure
        ``broken_card`` for a card that ships.
    """
    ours = {path.stem: read_card(path) for path in sorted(shipped.glob("*.yaml"))}
    cards, broken = dict(ours), {}
    for path in sorted(own.glob("*.yaml")):
        try:
            cards[path.stem] = _own_card(path, ours)
        except (yaml.YAMLError, ValueError, OSError, PermanentFailure) as error:
            broken[path.stem] = f"{path} cannot be used: {_reason(error)}"
            logger.warning("%s", broken[path.stem])
    return Cards(dict(sorted(cards.items())), broken)


def _own_card(path: Path, shipped: Mapping[str, ModelCard]) -> ModelCard:
    document = _document(path)
    if isinstance(document, dict) and "completes" in document:
        added = AddedWeights.model_validate(document)
        if added.completes != path.stem or added.completes not in shipped:
            raise ValueError(f"it completes `{added.completes}`, which is no card that ships under this file's name")
        return added.on(shipped[added.completes])
    card = read_card(path)
    if card.name in shipped:
        raise ValueError("a model of this name ships; give yours another one")
    if card.adapter not in {other.adapter for other in shipped.values()}:
        raise ValueError(f"no model that ships uses the adapter {card.adapter}")
    return card


def _document(path: Path) -> Any:
    if path.stat().st_size > _LARGEST:
        raise ValueError("it is larger than any card")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested deeper than any card") from error


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'card'}: {each['msg']}" for each in error.errors(include_url=False)
        )
    return error.message if isinstance(error, PermanentFailure) else str(error)
