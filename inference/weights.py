"""The folder that holds model weights, and the proof that a file in it is the right one."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard, Weights


def models_folder() -> Path:
    """``CLEANPLATE_MODELS``, else ``cleanplate/models`` in the user's cache (XDG Base Directory)."""
    if named := os.environ.get("CLEANPLATE_MODELS"):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "cleanplate" / "models"


def weight_path(folder: Path, weights: Weights) -> Path:
    """Where a weight file lies: the checksum in the path keeps two models' ``model.onnx`` apart."""
    return folder / weights.sha256[:16] / weights.file


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_sha256(path: Path) -> str:
    """SHA-256 of a file, read once a process for as long as it stays the same file.

    Ten gigabytes take 8 s to hash (1.2 GB/s) and longer to read, and a model that was let go is loaded again. A file is
    the same while its inode, its size and both its times are; the second of these (``ctime``) cannot be set.
    """
    about = path.stat()
    return _sha256_of(path, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)


@lru_cache(maxsize=4096)
def _sha256_of(path: Path, *identity: int) -> str:
    del identity
    return file_sha256(path)


def how_to_add(card: ModelCard) -> str:
    """Say in a sentence what a model lacks and which command adds it."""
    command = f"cleanplate models add FILE|FOLDER|URL|hf://OWNER/REPO@REVISION --model {card.name}"
    return f"`{card.name}` comes without {', '.join(card.unmet)}. Add what you have: `{command}` (docs/models.md)."


def verified_weights(card: ModelCard, folder: Path) -> dict[str, Path]:
    """File name to path for all weights on a card, each hashed in this process before anything parses it.

    Raises
    ------
    PermanentFailure
        ``weights_missing`` with the command that fetches or adds them, or ``weights_changed``.
    """
    if card.unmet:
        raise PermanentFailure(how_to_add(card), code="weights_missing")
    paths = {weights.file: weight_path(folder, weights) for weights in card.weights}
    missing = [file for file, path in paths.items() if not path.is_file()]
    if missing:
        message = f"`{card.name}` needs {', '.join(missing)}: run `cleanplate models pull {card.name}`."
        raise PermanentFailure(message, code="weights_missing")
    for weights in card.weights:
        found = known_sha256(paths[weights.file])
        if found != weights.sha256:
            message = (
                f"{paths[weights.file]} has checksum {found}, but the card of `{card.name}` says {weights.sha256}: "
                f"remove the file and run `cleanplate models pull {card.name}`."
            )
            raise PermanentFailure(message, code="weights_changed")
    return paths
