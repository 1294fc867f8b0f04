"""Add files to a model: fetched or copied, checked by checksum and by content, and written onto its card."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from inference.weights import file_sha256
from infra.models.contents.parts import check_parts
from infra.models.licences import accept
from infra.models.offers import Offer
from infra.models.own_cards import with_files
from infra.models.room import require_room
from infra.models.sources import Sources
from infra.models.store import Progress, Store
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard, Weights

_CHUNK = 1 << 20


def add(store: Store, card: ModelCard, chosen: Mapping[str, Offer], on_progress: Progress | None = None) -> ModelCard:
    """Bring files into the store and onto a card.

    All or nothing as far as the card is concerned: it names the files when every one is there and right. A fetch that
    was cut off goes on when it is asked for again.

    Parameters
    ----------
    card
        A card that ships, one of the user's own, or a new one from ``make_card``.
    chosen
        Name on the card to file, from ``choose``.
    on_progress
        Called while bytes arrive.

    Returns
    -------
    ModelCard
        The card as it is read from now on.

    Raises
    ------
    PermanentFailure
        ``checksum``, ``content``, ``source``, ``disk_full``, ``broken_card``.
    TransientFailure
        ``download`` when asking again may help.
    """
    require_room(store.folder, sum(offer.size or 0 for offer in chosen.values()))
    bring = _Bringer(store, card, [*(weights.file for weights in card.weights), *chosen], on_progress)
    with Sources() as sources:
        added = [bring(name, offer, sources) for name, offer in chosen.items()]
    check_parts({weights.file: store.path(weights) for weights in added})
    result = with_files(store, card, added)
    accept(store, result)
    return result


class _Bringer:
    """Brings one file after the other into the store."""

    def __init__(self, store: Store, card: ModelCard, names: list[str], on_progress: Progress | None) -> None:
        self._store, self._card, self._names = store, card, names
        self._on_progress = on_progress or (lambda *_: None)

    def __call__(self, name: str, offer: Offer, sources: Sources) -> Weights:
        # What is known by its checksum is found under it by whoever needs it next; the rest by where it comes from.
        key = offer.sha256 or hashlib.sha256(offer.source.encode()).hexdigest()
        with self._store.alone(key):
            if (there := self._already(name, offer)) is not None:
                return there
            part = self._store.part(key)
            sources.fetch(offer.source, part, offer.size, lambda done, size: self._on_progress(name, done, size))
            _check_git(part, offer)
            found = file_sha256(part)
            weights = self._weights(name, offer, offer.sha256 or found, part.stat().st_size)
            self._store.keep(part, weights, found=found, beside=self._names)
            return weights

    def _already(self, name: str, offer: Offer) -> Weights | None:
        if offer.sha256 is None:
            return None
        path = self._store.folder / offer.sha256[:16] / name
        if not path.is_file() or not path.stat().st_size:
            return None
        weights = self._weights(name, offer, offer.sha256, path.stat().st_size)
        return weights if self._store.sound(weights) else None

    def _weights(self, name: str, offer: Offer, sha256: str, size: int) -> Weights:
        if not size:
            raise PermanentFailure(f"{offer.source} is empty.", code="content")
        return Weights(file=name, source=offer.source, sha256=sha256, size_bytes=size, licence=self._card.licence)


def _check_git(part: Path, offer: Offer) -> None:
    """Compare a small file of a hub with the checksum that git knows it by: SHA-1 over its length and its bytes."""
    if offer.git_sha1 is None:
        return
    state = hashlib.sha1(f"blob {part.stat().st_size}\0".encode(), usedforsecurity=False)
    with part.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    if state.hexdigest() != offer.git_sha1:
        part.unlink()
        message = f"{offer.source} has git checksum {state.hexdigest()}, but {offer.git_sha1} was expected."
        raise PermanentFailure(message, code="checksum")
