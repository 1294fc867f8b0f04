"""Where the local stack keeps its state, and which stack commands mean when none is named."""

import contextlib
import json
import os
from pathlib import Path

from schemas.errors import PermanentFailure


def home() -> Path:
    """Return ``$CLEANPLATE_HOME``, else ``cleanplate`` in the user's state folder (``$XDG_STATE_HOME``)."""
    chosen = os.environ.get("CLEANPLATE_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser().absolute() / "cleanplate"


def default_state_dir() -> Path:
    """Return the folder of the stack that ``up`` starts where none is named."""
    return home() / "stack"


def make_current(state_dir: Path) -> None:
    """Let commands that name no stack mean this one."""
    home().mkdir(parents=True, exist_ok=True)
    draft = _pointer().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"state_dir": str(state_dir.absolute())}))
    draft.replace(_pointer())


def current_state_dir() -> Path:
    """Return the folder of the current stack.

    Raises
    ------
    PermanentFailure
        If there is none.
    """
    try:
        return Path(json.loads(_pointer().read_text())["state_dir"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PermanentFailure("No stack is running. Start one with `cleanplate up`.", code="no_stack") from error


def forget_current(state_dir: Path) -> None:
    """Undo ``make_current`` if it is this stack that is current."""
    with contextlib.suppress(PermanentFailure, FileNotFoundError):
        if current_state_dir() == state_dir.absolute():
            _pointer().unlink()


def _pointer() -> Path:
    return home() / "current.json"
