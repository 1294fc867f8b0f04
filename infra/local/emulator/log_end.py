"""Where the log of an invocation ends.

AWS
    Hands a function's answer on at once; what it logged reaches CloudWatch by itself.
ministack
    Holds the answer back and looks every millisecond whether a log line comes, for 50 ms where none does. Most of our
    invocations log nothing: each would take 50 ms longer, and many at once keep the interpreter busy with looking.

Our workers say where an invocation's log ends before they answer (``worker/runtime_client.py``); that line is waited
for, and taken out.
"""

import queue
from typing import Any

from ministack.core import lambda_runtime

from infra.local.emulator.worker.runtime_client import END

_PATIENCE_SECONDS = 0.25
"""The line is in the pipe before the answer comes; only a thread has to pass it on."""


def apply() -> None:
    """Wait for the line instead of looking."""
    lambda_runtime.ProvidedWorker._drain_stderr_bounded = _until_end


def _until_end(worker: Any, first_line_wait: float = _PATIENCE_SECONDS) -> str:
    lines: list[str] = []
    while True:
        try:
            line = worker._stderr_queue.get(timeout=first_line_wait)
        except queue.Empty:
            break  # it ended before it could say so
        before, end, _ = line.partition(END)
        lines += [before] if before or not end else []
        if end:
            break
    return "\n".join(lines)
