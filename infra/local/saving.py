"""Have the emulator's state on disk now rather than within seconds."""

import contextlib
import time
from pathlib import Path

from infra.local.program import Program

_PATIENCE_SECONDS = 5.0


def save_now(emulator: Program) -> None:
    """Wait until everything that was done so far is saved, or until that takes too long to wait for.

    A kill before the first save after a deployment would leave objects on disk whose buckets nobody remembers.
    """
    asked, deadline = time.time(), time.monotonic() + _PATIENCE_SECONDS
    emulator.ask_to_save()
    stamp = emulator.state_dir / "emulator" / "saved"
    while not _saved_since(asked, stamp) and time.monotonic() < deadline:
        time.sleep(0.02)


def _saved_since(moment: float, stamp: Path) -> bool:
    """Whether a save that began after ``moment`` is complete: the stamp holds when the last one began."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        return float(stamp.read_text()) >= moment
    return False
