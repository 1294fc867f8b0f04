"""Which of the offered files a model takes, and what it calls them."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from infra.models.offers import Offer, Offers
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard, index_of, is_part


def choose(card: ModelCard, found: Offers, *, file: str | None = None, variant: str | None = None) -> dict[str, Offer]:
    """Name the files that the model needs.

    Parameters
    ----------
    card
        What they are for; its ``needs`` are what is looked for.
    file
        What to call the one file.
    variant
        For a folder or repository: take ``model.VARIANT.safetensors`` where there is one, and call it
        ``model.safetensors``. Half the bytes, with ``fp16``.

    Returns
    -------
    dict
        Name on the card to file.

    Raises
    ------
    PermanentFailure
        ``files_missing`` naming what there is none of, ``file_name`` where it is not clear what a file is.
    """
    if found.single:
        return {_single_name(card, found.files[0].name, file): found.files[0]}
    if file is not None:
        raise PermanentFailure("--file names one file; this is a folder of them.", code="file_name")
    there = {offer.name: offer for offer in found.files}
    chosen: dict[str, Offer] = {}
    missing = []
    for need in card.needs:
        files = _whole(need, there, variant) or _in_parts(need, there)
        chosen |= files
        if not files and need in card.unmet:
            missing.append(need)
    if missing:
        message = f"`{card.name}` also needs {', '.join(missing)}, of which there is none here."
        raise PermanentFailure(message, code="files_missing")
    return chosen


def _single_name(card: ModelCard, name: str, asked: str | None) -> str:
    """The card's name for a file: the one asked for, its own, or that of the only one that is needed in its format."""
    if asked is not None:
        if not card.admits(asked):
            raise PermanentFailure(f"`{card.name}` needs {_listed(card.needs)}, not {asked}.", code="file_name")
        return asked
    if card.admits(name):
        return name
    ending = PurePosixPath(name).suffix
    fitting = [need for need in card.needs if need.endswith(ending)] if ending else []
    if len(fitting) != 1:
        message = f"`{card.name}` needs {_listed(card.needs)}: say with --file which of them {name} is."
        raise PermanentFailure(message, code="file_name")
    return fitting[0]


def _whole(need: str, there: Mapping[str, Offer], variant: str | None) -> dict[str, Offer]:
    path = PurePosixPath(need)
    names = [f"{path.with_suffix('')}.{variant}{path.suffix}"] if variant else []
    return next(({need: there[name]} for name in (*names, need) if name in there), {})


def _in_parts(need: str, there: Mapping[str, Offer]) -> dict[str, Offer]:
    """A file in parts, with the index of them; nothing if one is missing."""
    parts = {name: offer for name, offer in there.items() if is_part(name, need)}
    index = index_of(need)
    if index not in there or not parts or len(parts) != _parts(next(iter(parts))):
        return {}
    return {index: there[index], **parts}


def _parts(name: str) -> int:
    """How many there are, as ``model-00001-of-00002.safetensors`` says."""
    return int(PurePosixPath(name).stem.rpartition("-")[2])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "no files"
