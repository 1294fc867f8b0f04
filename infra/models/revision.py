"""One name for all that decides what the models make: their code and their cards, which hold the weights' hashes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

INFERENCE = Path(__file__).parents[2] / "inference"
_SUFFIXES = frozenset({".py", ".yaml"})


def sources(root: Path = INFERENCE) -> Iterator[Path]:
    """Yield the files that the serving program consists of, in a fixed order."""
    yield from (path for path in sorted(root.rglob("*")) if path.suffix in _SUFFIXES and path.is_file())


def revision(root: Path = INFERENCE, own_cards: Path | None = None) -> str:
    """Hash the serving program: 16 hex digits that change with any of its files.

    Parameters
    ----------
    own_cards
        Folder with the user's own cards, which need not exist; they decide as well.
    """
    state = hashlib.sha256()
    for folder in (root, own_cards):
        for path in sources(folder) if folder else ():
            content = path.read_bytes()
            state.update(f"{path.relative_to(folder or root).as_posix()}:{len(content)}:".encode())
            state.update(content)
    return state.hexdigest()[:16]
