"""``python -m infra.local.launcher MODULE [ARGUMENT ...]``: run a program in the background, to be found again later.

The launcher returns when the program has been started; the program lives in a session of its own.

``CLEANPLATE_LOCK=<file>``
    Locked for the life of the program, and holds its process id. The lock, not the number, says that it runs: numbers
    are used again, and the system gives the lock back however the program ends.
``CLEANPLATE_LIFELINE=<file descriptor>``
    The program ends when the other end of this pipe closes, which the system does when whoever holds it dies, however
    it dies. Without a lifeline the program runs on by itself.
``CLEANPLATE_NICENESS=<number>``
    How far the program stands back when the cores are busy, as ``nice`` counts.
"""

import contextlib
import fcntl
import os
import runpy
import signal
import sys
import threading
import time

LOCK = "CLEANPLATE_LOCK"
LIFELINE = "CLEANPLATE_LIFELINE"
NICENESS = "CLEANPLATE_NICENESS"
_GRACE_SECONDS = 5.0
_LOCK_PATIENCE_SECONDS = 1.0  # someone who asks whether the program runs holds the lock for a moment


def main() -> None:
    """Start the module named by the first argument as ``__main__``, in the background."""
    lock = _locked(os.environ.pop(LOCK))
    niceness = os.environ.pop(NICENESS, "0")
    lifeline = os.environ.pop(LIFELINE, None)
    child = os.fork()  # nothing but this module is loaded yet, and no thread runs
    if child:
        os.truncate(lock, 0)
        os.write(lock, str(child).encode())
        os._exit(0)  # the lock belongs to the open file, which the child shares
    os.setsid()
    _stand_back(niceness)
    if lifeline is not None:
        threading.Thread(target=_end_with, args=(int(lifeline),), daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _stand_back(niceness: str) -> None:
    """Lower the program's priority; where Linux shares the cores among sessions first, that of its session."""
    if niceness != "0":
        os.nice(int(niceness))
        with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as group:  # noqa: PTH123  loads nothing more
            group.write(niceness)


def _locked(path: str) -> int:
    """Open and lock the file. It is never closed, and later children of the program do not inherit it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + _LOCK_PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise SystemExit(f"{path} is locked: this program runs already") from None
            time.sleep(0.02)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: this returns when the other end closes
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
