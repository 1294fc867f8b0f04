"""Loaded adapters, the least recently used of which are let go when they would take more memory than they may."""

import logging
import os
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from inference.nets.memory import total_bytes
from inference.nets.out_of_memory import empty_cache
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

SHARE = {"cpu": 0.5}
"""Part of a device that waiting models may take; what is left is for the pictures and for the model at work."""
SHARE_OF_ACCELERATOR = 0.7

_AMOUNT = re.compile(r"(?:(?P<place>[a-z]+(?::\d+)?)=)?(?P<number>\d+(?:\.\d+)?)(?P<unit>[KMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}

logger = logging.getLogger("cleanplate.registry")


class Held(NamedTuple):
    """A loaded adapter, where it lies, and the bytes that it takes there."""

    adapter: Any
    place: str
    size: int


def place_of(adapter: Any) -> str:
    """The device that an adapter says it computes on (its attribute ``device``); without a word, ``cpu``."""
    return str(getattr(adapter, "device", "cpu"))


def size_of(adapter: Any, card: ModelCard) -> int:
    """Bytes that an adapter says it holds (its attribute ``held_bytes``); without a word, those of its weights."""
    return int(getattr(adapter, "held_bytes", sum(weights.size_bytes for weights in card.weights)))


class LoadedAdapters:
    """Adapters by name. Not safe for threads by itself: its owner holds a lock.

    Parameters
    ----------
    budget
        Bytes that all adapters of a device may take together.
    """

    def __init__(self, budget: Callable[[str], int]) -> None:
        self._budget = budget
        self._held: OrderedDict[str, Held] = OrderedDict()

    def get(self, name: str) -> Any | None:
        """Return an adapter and count it as the one that was used last; ``None`` if it is not loaded."""
        if name not in self._held:
            return None
        self._held.move_to_end(name)
        return self._held[name].adapter

    def add(self, name: str, held: Held) -> None:
        """Keep an adapter, even one that is larger than the budget by itself; others make room for it."""
        self._held[name] = held
        self.make_room(held.place, 0, keep=name)

    def make_room(self, place: str, size: int, keep: str | None = None) -> None:
        """Let go of the least recently used of a device until ``size`` bytes more are within its budget."""
        others = [name for name, held in self._held.items() if held.place == place and name != keep and held.size]
        over = size + sum(held.size for held in self._held.values() if held.place == place) - self._budget(place)
        going = []
        for name in others:
            if over <= 0:
                break
            over -= self._held[name].size
            going.append(name)
        self._let_go(going)

    def clear(self) -> None:
        """Let go of all."""
        self._let_go(list(self._held))

    def _let_go(self, names: list[str]) -> None:
        for name in names:
            held = self._held.pop(name)
            logger.info("let go of %s: %.2f GB on %s", name, held.size / 1e9, held.place)
            del held
        if names:
            empty_cache()


def budget_from(setting: Mapping[str, int] | int | str | None = None) -> Callable[[str], int]:
    """Read a memory budget.

    Parameters
    ----------
    setting
        Bytes for every device, or by device; as text ``12G`` or ``cuda=16G,cpu=4G``. ``CLEANPLATE_MODEL_MEMORY`` when
        not given. Devices that are not named get their share: half of the machine, 0.7 of an accelerator.

    Raises
    ------
    PermanentFailure
        ``settings`` for a text that says something else.
    """
    if setting is None:
        setting = os.environ.get("CLEANPLATE_MODEL_MEMORY", "")
    if isinstance(setting, int):
        setting = {"": setting}
    given = _read(setting) if isinstance(setting, str) else setting

    def budget(place: str) -> int:
        kind = place.partition(":")[0]
        for name in (place, kind, ""):
            if name in given:
                return given[name]
        return int(SHARE.get(kind, SHARE_OF_ACCELERATOR) * total_bytes(place))

    return budget


def _read(text: str) -> dict[str, int]:
    given = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _AMOUNT.fullmatch(part)
        if not found:
            message = f"CLEANPLATE_MODEL_MEMORY is an amount such as 12G, or cuda=16G,cpu=4G; {part!r} is none."
            raise PermanentFailure(message, code="settings")
        given[(found["place"] or "").lower()] = int(float(found["number"]) * _UNITS[found["unit"].upper()])
    return given
