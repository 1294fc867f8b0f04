"""Fetch the weights that model cards name, into the folder from which the registry loads them."""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inference.registry import Registry
from inference.weights import file_sha256, models_folder, weight_path
from infra.models.sources import Sources
from schemas.errors import PermanentFailure
from schemas.model_card import Weights

Progress = Callable[[str, int, int], None]
"""File name, bytes so far, bytes in all."""


def pull(
    names: Sequence[str],
    on_progress: Progress | None = None,
    *,
    registry: Registry | None = None,
    folder: Path | None = None,
) -> list[Path]:
    """Fetch what is missing of these models' weights; all models when no name is given.

    A file appears under its final name only when its checksum is right. Pulling what is there already costs one look;
    pulling twice at once fetches once.

    Parameters
    ----------
    names
        Names on model cards.
    on_progress
        Called while bytes arrive.
    registry, folder
        Where cards are and weights go; the project's own when not given.

    Returns
    -------
    list of Path
        Every weight file of these models, in the order of their cards.

    Raises
    ------
    PermanentFailure
        ``unknown_model``, ``checksum`` naming both checksums, ``source`` when the source has no such file.
    TransientFailure
        ``download`` when asking again may help.
    """
    registry, folder = registry or Registry(), folder or models_folder()
    cards = [registry.card(name) for name in names] if names else registry.cards()
    wanted = {weight_path(folder, weights): weights for card in cards for weights in card.weights}
    with Sources() as sources:
        for path, weights in wanted.items():
            _fetch(weights, path, sources, on_progress or (lambda *_: None))
    return list(wanted)


def _fetch(weights: Weights, path: Path, sources: Sources, on_progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.with_name(f".{path.name}.lock")):
        if path.is_file() and file_sha256(path) == weights.sha256:
            return
        part = path.with_name(f".{path.name}.part")
        sources.fetch(
            weights.source, part, weights.size_bytes, lambda done: on_progress(path.name, done, weights.size_bytes)
        )
        found = file_sha256(part)
        if found != weights.sha256:
            part.unlink()
            message = f"{weights.source} has checksum {found}, but the card says {weights.sha256}. It was not kept."
            raise PermanentFailure(message, code="checksum")
        part.replace(path)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time fetch a file; the others then find it there."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def remove(names: Sequence[str], *, registry: Registry | None = None, folder: Path | None = None) -> None:
    """Delete these models' weights, with what an interrupted pull left of them."""
    registry, folder = registry or Registry(), folder or models_folder()
    for name in names:
        for weights in registry.card(name).weights:
            shutil.rmtree(weight_path(folder, weights).parent, ignore_errors=True)
