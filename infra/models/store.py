"""The models folder: weights under their checksums, cards of the user's own, and what is on its way."""

import fcntl
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.card_files import CARDS, own_cards_folder
from inference.registry import Registry
from inference.weights import file_sha256, models_folder, weight_path
from infra.models.contents.check import check_content
from schemas.errors import PermanentFailure
from schemas.model_card import Weights

Progress = Callable[[str, int, int], None]
"""File name, bytes so far, bytes in all (0 where nobody knows)."""


class Store:
    """What lies where in the models folder, and how a file gets into it: whole and checked, or not at all.

    Parameters
    ----------
    folder
        The folder; ``models_folder()`` when not given. It is made when something is put into it.
    shipped
        Where the cards are that ship.
    """

    def __init__(self, folder: Path | None = None, shipped: Path = CARDS) -> None:
        self.folder = folder or models_folder()
        self.cards = own_cards_folder(self.folder)
        self.shipped = shipped

    def registry(self) -> Registry:
        """Read the cards anew: those that ship, and those that lie here."""
        return Registry(self.shipped, self.folder)

    def path(self, weights: Weights) -> Path:
        """Where a weight file lies, whether it is there or not."""
        return weight_path(self.folder, weights)

    def has(self, weights: Weights) -> bool:
        """Whether a file of this name and size lies there. Its checksum is asked when it is loaded."""
        path = self.path(weights)
        return path.is_file() and path.stat().st_size == weights.size_bytes

    def part(self, key: str) -> Path:
        """Where a file lies while it is on its way; the same key finds the same part again."""
        folder = self.folder / ".parts"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / key

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Let one process at a time do something; the others then find it done."""
        folder = self.folder / ".locks"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def keep(self, part: Path, weights: Weights, *, found: str, beside: Collection[str]) -> Path:
        """Give a file that has arrived its place.

        Parameters
        ----------
        part
            The file; it is gone afterwards, whatever comes of it.
        found
            Its SHA-256.
        beside
            Names of the model's other files.

        Raises
        ------
        PermanentFailure
            ``checksum`` naming both checksums, ``content`` for what is not in the format that its name says.
        """
        try:
            if found != weights.sha256:
                message = f"{weights.source} has checksum {found}, but {weights.sha256} was expected. It was not kept."
                raise PermanentFailure(message, code="checksum")
            check_content(part, weights.file, beside)
            with part.open("rb") as file:
                os.fsync(file.fileno())  # else a power cut may leave the name and not the bytes
            path = self.path(weights)
            path.parent.mkdir(parents=True, exist_ok=True)
            part.replace(path)
        finally:
            self.drop_part(part.name)
        return path

    def drop_part(self, key: str) -> None:
        """Delete what an interrupted fetch left."""
        for path in (self.part(key), self.part(f"{key}.version")):
            path.unlink(missing_ok=True)

    def drop(self, weights: Weights) -> int:
        """Delete a weight file and what is left of its folder; return the bytes it took."""
        path = self.path(weights)
        freed = path.stat().st_size if path.is_file() else 0
        path.unlink(missing_ok=True)
        self.drop_part(weights.sha256)
        named = self.folder / weights.sha256[:16]
        if not any(each.is_file() and not each.name.startswith(".") for each in named.rglob("*")):
            shutil.rmtree(named, ignore_errors=True)
        return freed

    def sound(self, weights: Weights) -> bool:
        """Whether a file is there and is the right one, by its checksum."""
        return self.has(weights) and file_sha256(self.path(weights)) == weights.sha256
