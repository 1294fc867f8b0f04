"""Whether there is room on the disk, asked before gigabytes are fetched."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import PermanentFailure

RESERVE = 256 << 20
"""Bytes that stay free: a disk that is full to the brim stops everything else as well."""


def free_bytes(folder: Path) -> int:
    """Bytes that may be written below a folder, which need not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return max(0, shutil.disk_usage(folder).free - RESERVE)


def require_room(folder: Path, size: int) -> None:
    """Refuse to begin what cannot end well.

    Raises
    ------
    PermanentFailure
        ``disk_full``, with both sizes.
    """
    free = free_bytes(folder)
    if size > free:
        message = f"{folder} has room for {free / 1e9:.1f} GB, and {size / 1e9:.1f} GB are to come."
        raise PermanentFailure(message, code="disk_full")


@contextmanager
def disk_may_fill(folder: Path) -> Iterator[None]:
    """Say so when a disk fills while it is written to: others write to it as well.

    Raises
    ------
    PermanentFailure
        ``disk_full``.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise PermanentFailure(f"The disk of {folder} is full.", code="disk_full") from error
