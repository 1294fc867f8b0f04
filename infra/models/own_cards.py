"""Cards of the user's own in the models folder: models of their own, and files added to models that ship."""

import os
from collections.abc import Sequence
from pathlib import Path

import yaml

from inference.card_files import read_card
from infra.models.store import Store
from schemas.errors import PermanentFailure
from schemas.model_card import AddedWeights, ModelCard, Weights

_HEAD = (
    "# Written by `cleanplate models`. Files are known by their sha256; change nothing here that you did not check.\n"
)


def with_files(store: Store, card: ModelCard, added: Sequence[Weights]) -> ModelCard:
    """Write files onto a card; one of the same name takes the place of the earlier one, which is deleted.

    Parameters
    ----------
    card
        A card that ships, one of the user's own, or a new one.
    added
        Files that are in the store.

    Returns
    -------
    ModelCard
        The card as it is read from now on.

    Raises
    ------
    PermanentFailure
        ``broken_card`` for files that the card has no need of, or under another licence; then nothing is written.
    """
    path = store.cards / f"{card.name}.yaml"
    with store.alone("cards"):
        earlier = _added_before(path)
        names = {weights.file for weights in added}
        merged = [*(weights for weights in earlier if weights.file not in names), *added]
        shipped = store.shipped / f"{card.name}.yaml"
        if shipped.is_file():
            document: AddedWeights | ModelCard = AddedWeights(completes=card.name, weights=merged)
            result = _completed(read_card(shipped), AddedWeights(completes=card.name, weights=merged))
        else:
            document = result = card.model_copy(update={"weights": merged})
        _write(path, document)
    _drop_replaced(store, earlier)
    return result


def without_places(path: Path) -> bytes:
    """Return an own card as it is packed: where a file lay on this machine is left out, and decides nothing there."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for weights in document["weights"]:
        if weights["source"].startswith("file:"):
            weights["source"] = f"file:///{weights['file']}"
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()


def _added_before(path: Path) -> list[Weights]:
    if not path.is_file():
        return []
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    kind = AddedWeights if "completes" in document else ModelCard
    return kind.model_validate(document).weights


def _completed(card: ModelCard, added: AddedWeights) -> ModelCard:
    try:
        return added.on(card)
    except ValueError as error:
        message = f"{error}. For a model of another kind, make a card of its own: `--adapter FAMILY --name NAME`."
        raise PermanentFailure(message, code="broken_card") from error


def _write(path: Path, document: AddedWeights | ModelCard) -> None:
    """Whole or not at all: a reader finds the earlier card or this one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    content = document.model_dump(mode="json", exclude_defaults=True)
    with draft.open("w", encoding="utf-8") as file:
        file.write(_HEAD + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _drop_replaced(store: Store, earlier: Sequence[Weights]) -> None:
    named = {store.path(weights) for card in store.registry().cards() for weights in card.weights}
    for weights in earlier:
        if store.path(weights) not in named:
            store.drop(weights)
