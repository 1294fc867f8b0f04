"""``python -m infra.local.launcher MODULE [ARGUMENT ...]``: run a program of the stack that cannot outlive its parent.

With ``CLEANPLATE_LIFELINE=<file descriptor>`` the program ends when the other end of that pipe closes, which the
system does when its parent dies, however it dies. Without it the program runs detached.
"""

import os
import runpy
import signal
import sys
import threading

LIFELINE = "CLEANPLATE_LIFELINE"
GRACE_SECONDS = 5.0


def main() -> None:
    """Run the module named by the first argument as ``__main__``."""
    lifeline = os.environ.pop(LIFELINE, None)
    if lifeline is not None:
        threading.Thread(target=_end_with, args=(int(lifeline),), daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written: this returns when the parent's end closes
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
