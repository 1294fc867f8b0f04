"""Families of models that one adapter runs: a user's own model is made after one that ships."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

_LIMITS = "Added by its user. Nobody has measured it here: try it on pictures of your own before it delivers any."


@dataclass(frozen=True)
class Facts:
    """What is said of a user's own model; none of it is guessed."""

    name: str
    licence: str
    commercial_use: bool
    scale: int | None = None
    generative: bool | None = None
    """``None``: as careful as the family asks for."""


def families(cards: Iterable[ModelCard]) -> dict[str, list[ModelCard]]:
    """Group the cards that take files of the user's, by their adapter's class in lower case: ``spandrel-upscaler``."""
    found: dict[str, list[ModelCard]] = {}
    for card in cards:
        if card.needs:
            found.setdefault(_name(card.adapter), []).append(card)
    return found


def make_card(family: str, facts: Facts, cards: Iterable[ModelCard]) -> ModelCard:
    """Make a card after those of a family, without files yet.

    Where the family has a model that may invent content, the new one is taken for such a one too unless somebody says
    otherwise: policies keep those away from faces and out of conservative recipes.

    Raises
    ------
    PermanentFailure
        ``unknown_family`` naming those there are, ``broken_card`` for a name or a scale that cannot be.
    """
    known = families(cards)
    if family not in known:
        names = ", ".join(sorted(known)) or "none"
        raise PermanentFailure(f"There is no adapter family `{family}`. There are: {names}.", code="unknown_family")
    pattern = known[family][0]
    if (facts.scale is None) != (pattern.scale is None):
        message = (
            f"`{family}` enlarges: say by how much with --scale." if pattern.scale else "Only upscalers have --scale."
        )
        raise PermanentFailure(message, code="broken_card")
    generative = any(card.generative for card in known[family]) if facts.generative is None else facts.generative
    changes = {
        "name": facts.name,
        "version": "1",
        "summary": f"A model of the user's own, run like `{pattern.name}`.",
        "licence": facts.licence,
        "commercial_use": facts.commercial_use,
        "generative": generative,
        "scale": facts.scale,
        "weights": [],
        "limits": _LIMITS,
    }
    try:
        return ModelCard.model_validate({**pattern.model_dump(), **changes})
    except ValueError as error:
        raise PermanentFailure(f"`{facts.name}` is no name for a model: {error}", code="broken_card") from error


def _name(adapter: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", adapter.partition(":")[2]).lower()
