"""Peak memory of a piece of work, from the kernel's own book-keeping."""

import resource
import sys
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # proc(5): "resets the peak resident set size to the current value"


class PeakMemory:
    """Megabytes that a block of work needed on top of what the process held before.

    On systems without ``/proc`` it is the process's peak since its start.
    """

    megabytes = 0.0

    def __enter__(self) -> "PeakMemory":
        if _RESET.exists():
            _RESET.write_text(_RESET_PEAK)
        self._before = _kilobytes("VmRSS") if _STATUS.exists() else 0
        return self

    def __exit__(self, *_: object) -> None:
        self.megabytes = (self._peak() - self._before) / 1024

    def _peak(self) -> int:
        if _STATUS.exists():
            return _kilobytes("VmHWM")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak


def _kilobytes(field: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1])
