"""Work that does not fit is tried smaller, and what went wrong otherwise is not hidden."""

import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.nets.memory import free_bytes, total_bytes
from inference.nets.out_of_memory import at_a_size_that_fits, halved, is_out_of_memory
from schemas.errors import BadInput, TransientFailure


def cuda_error(words: str = "CUDA out of memory. Tried to allocate 20.00 GiB") -> Exception:
    import torch

    return torch.OutOfMemoryError(words)


def test_the_largest_size_that_fits_is_taken() -> None:
    tried = []

    def work(size: int) -> int:
        tried.append(size)
        if size > 100:
            raise cuda_error()
        return size

    assert at_a_size_that_fits(work, [400, 200, 100, 50], what="The fill") == 100
    assert tried == [400, 200, 100]


def test_where_nothing_fits_asking_again_is_allowed() -> None:
    def work(size: int) -> int:
        raise MemoryError

    with pytest.raises(TransientFailure, match=r"The fill does not fit into memory, even at size 64") as caught:
        at_a_size_that_fits(work, [128, 64], what="The fill")
    assert caught.value.code == "out_of_memory"


def test_another_failure_is_not_tried_again() -> None:
    tried = []

    def work(size: int) -> int:
        tried.append(size)
        raise BadInput("out of memory lane", code="parameter")

    with pytest.raises(BadInput):
        at_a_size_that_fits(work, [128, 64], what="The fill")
    assert tried == [128]


def test_what_an_attempt_held_is_free_before_the_next_one() -> None:
    class Held(np.ndarray):
        """An array that can be watched."""

    alive: list[weakref.ref[Held]] = []

    def work(size: int) -> int:
        assert not any(reference() is not None for reference in alive)
        held = np.zeros(size).view(Held)
        alive.append(weakref.ref(held))
        if size > 1:
            raise MemoryError(f"{held.sum()}")
        return size

    assert at_a_size_that_fits(work, [4, 2, 1], what="The fill") == 1
    assert len(alive) == 3


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (MemoryError(), True),
        (cuda_error(), True),
        (RuntimeError("[ONNXRuntimeError] : 6 : Failed to allocate memory for requested buffer of size 4"), True),
        (
            RuntimeError(
                "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes. not enough memory"
            ),
            True,
        ),
        (TransientFailure("The device is full.", code="out_of_memory"), True),
        (TransientFailure("S3 is out of memory.", code="storage"), False),
        (ValueError("shape mismatch"), False),
    ],
)
def test_every_library_is_understood(error: Exception, is_one: bool) -> None:
    assert is_out_of_memory(error) is is_one


@given(st.integers(1, 4096), st.integers(1, 512), st.sampled_from([1, 8, 64]))
def test_sizes_fall_to_the_smallest(largest: int, smallest: int, step: int) -> None:
    smallest *= step
    sizes = halved(largest, smallest, multiple_of=step)
    assert sizes == sorted(set(sizes), reverse=True)
    assert sizes[-1] == smallest
    assert all(size % step == 0 for size in sizes)


def test_free_memory_is_part_of_all_memory() -> None:
    assert 0 < free_bytes("cpu") < total_bytes("cpu")
