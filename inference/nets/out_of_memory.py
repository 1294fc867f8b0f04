"""One answer to running out of memory, for every net: the same work in smaller pieces, and a retryable error when even
the smallest does not fit.
"""

import gc
import logging
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from schemas.errors import CleanplateError, TransientFailure

Result = TypeVar("Result")

_SAID = ("insufficient memory", "failed to allocate", "bad_alloc", "out of memory", "not enough memory")

logger = logging.getLogger("cleanplate.nets")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out: numpy, torch, OpenCV, ONNX Runtime and C++ each say it their way.

    What this project raised on purpose says so by its code, and its message, which may quote anything, is not read.
    """
    if isinstance(error, CleanplateError):
        return error.code == "out_of_memory"
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or any(words in str(error).lower() for words in _SAID)
    )


def at_a_size_that_fits(work: Callable[[int], Result], sizes: Iterable[int], *, what: str) -> Result:
    """Do the work at the first of several sizes that memory allows.

    Parameters
    ----------
    work
        Takes a size (the side of a tile, the working size of a net) and gives the result. It starts afresh each time.
    sizes
        From the one that is wanted to the smallest that makes sense; at least one.
    what
        What does not fit, for the message: ``The enlargement``.

    Raises
    ------
    TransientFailure
        ``out_of_memory`` when the smallest does not fit either: another model may have left the device by then.
    """
    size = None
    for size in sizes:
        try:
            return work(size)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            logger.warning("%s ran out of memory at %d: %s", what, size, str(error).partition("\n")[0])
        # Outside of the handler: until it ends, the trace of the error holds on to every tensor of the attempt.
        empty_cache()
    raise TransientFailure(f"{what} does not fit into memory, even at size {size}.", code="out_of_memory")


def halved(largest: int, smallest: int, *, multiple_of: int = 1) -> list[int]:
    """Sizes from ``largest`` down to ``smallest``, each about half of the one before it; all multiples of a number."""
    sizes = [max(_floor(largest, multiple_of), smallest)]
    while sizes[-1] > smallest:
        sizes.append(max(_floor(sizes[-1] // 2, multiple_of), smallest))
    return sizes


def empty_cache() -> None:
    """Give back what nothing refers to any more, on the device as well: torch keeps freed blocks for itself."""
    gc.collect()
    torch = sys.modules.get("torch")  # where nothing imported it, it keeps nothing
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _floor(size: int, multiple_of: int) -> int:
    return size // multiple_of * multiple_of
