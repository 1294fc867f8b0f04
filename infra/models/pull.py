"""Fetch the weights that model cards name, into the folder from which the registry loads them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from inference.registry import Registry
from inference.weights import file_sha256, how_to_add
from infra.models.licences import accept
from infra.models.room import require_room
from infra.models.sources import Sources, path_of
from infra.models.store import Progress, Store
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard, Weights


def pull(
    names: Sequence[str],
    on_progress: Progress | None = None,
    *,
    on_licence: Callable[[ModelCard], None] | None = None,
    registry: Registry | None = None,
    folder: Path | None = None,
) -> list[Path]:
    """Fetch what is missing of these models' weights; when no name is given, of all that can be fetched.

    A file appears under its final name only when its checksum and its format are right. Pulling what is there already
    costs one look; pulling twice at once fetches once. The licences are written down with the date.

    Parameters
    ----------
    names
        Names on model cards.
    on_progress
        Called while bytes arrive.
    on_licence
        Called with the card of each model, before anything of it is fetched.
    registry, folder
        Where cards are and weights go; the project's own when not given.

    Returns
    -------
    list of Path
        Every weight file of these models, in the order of their cards.

    Raises
    ------
    PermanentFailure
        ``unknown_model``; ``weights_missing`` for a named model whose files somebody has to add; ``checksum`` naming
        both checksums; ``content``; ``source`` when the source has no such file; ``disk_full``.
    TransientFailure
        ``download`` when asking again may help.
    """
    store = Store(folder)
    registry = registry or store.registry()
    cards = [registry.card(name) for name in names] or [
        card for card in registry.cards() if _can_be_fetched(store, card)
    ]
    for card in cards:
        if card.unmet:
            raise PermanentFailure(how_to_add(card), code="weights_missing")
    missing = {
        weights.sha256: weights.size_bytes for card in cards for weights in card.weights if not store.has(weights)
    }
    require_room(store.folder, sum(missing.values()))
    with Sources() as sources:
        for card in cards:
            if on_licence and any(weights.sha256 in missing for weights in card.weights):
                on_licence(card)
            for weights in card.weights:
                _fetch(store, card, weights, sources, on_progress or (lambda *_: None))
            accept(store, card)
    return list(dict.fromkeys(store.path(weights) for card in cards for weights in card.weights))


def _can_be_fetched(store: Store, card: ModelCard) -> bool:
    """Whether nothing of a model has to be added by hand: no file at all, nor one that lay on another disk."""
    lost = (
        weights.source
        for weights in card.weights
        if weights.source.startswith("file:") and not store.has(weights) and not path_of(weights.source).is_file()
    )
    return not card.unmet and not any(lost)


def _fetch(store: Store, card: ModelCard, weights: Weights, sources: Sources, on_progress: Progress) -> None:
    with store.alone(weights.sha256):
        if store.sound(weights):
            return
        part = store.part(weights.sha256)
        sources.fetch(
            weights.source, part, weights.size_bytes, lambda done, size: on_progress(weights.file, done, size)
        )
        store.keep(part, weights, found=file_sha256(part), beside=[each.file for each in card.weights])
