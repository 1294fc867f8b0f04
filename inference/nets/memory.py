"""How much memory a device has, in all and free."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_LIMITS = (_CGROUP / "memory.max", _CGROUP / "memory" / "memory.limit_in_bytes")
_USES = (_CGROUP / "memory.current", _CGROUP / "memory" / "memory.usage_in_bytes")


def total_bytes(place: str) -> int:
    """Memory of a device, bytes. For ``cpu`` that of the machine, or of the container where it is allowed less."""
    if place != "cpu":
        import torch

        return int(torch.cuda.mem_get_info(place)[1])
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([machine, *_numbers(_LIMITS)])


def free_bytes(place: str) -> int:
    """Memory that can still be had, bytes; what torch keeps for itself without using it counts as free."""
    if place != "cpu":
        import torch

        kept = torch.cuda.memory_reserved(place) - torch.cuda.memory_allocated(place)
        return int(torch.cuda.mem_get_info(place)[0]) + int(kept)
    import psutil

    allowed = [limit - used for limit, used in zip(_numbers(_LIMITS), _numbers(_USES), strict=False)]
    return max(0, min([int(psutil.virtual_memory().available), *allowed]))


def _numbers(files: tuple[Path, ...]) -> list[int]:
    """Numbers in those of the files that are there: control groups of version 2 and of version 1 name them apart.

    ``max`` in place of a number means that there is no limit, and so does nearly 2^63 in version 1.
    """
    texts = [path.read_text().strip() for path in files if path.is_file()]
    return [int(text) for text in texts if text.isdecimal()]
