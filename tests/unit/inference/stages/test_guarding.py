"""What nobody could check is not taken for good, and a guard's failure is not the end of a run."""

import cv2
import pytest

from inference.stages.guarding import _answered, _gravest
from schemas.errors import PermanentFailure
from schemas.finding import MOST_FINDINGS, Change, Finding, Guard
from schemas.pointers import Box


@pytest.mark.parametrize(
    "error",
    [
        PermanentFailure("`centerface` needs centerface.onnx: run `cleanplate models pull`.", code="weights_missing"),
        ModuleNotFoundError("No module named 'zxingcpp'", name="zxingcpp"),
        ImportError("broken"),
        cv2.error("assertion failed"),
        RuntimeError("invalid graph"),
    ],
)
def test_a_guard_that_cannot_look_says_so(error: Exception) -> None:
    def look(_guard: Guard) -> list[Finding]:
        raise error

    (found,) = _answered(Guard.FACES, look)
    assert (found.guard, found.change, found.box) == (Guard.FACES, Change.UNCHECKED, None)
    assert found.detail


def test_out_of_memory_is_for_the_server_to_answer() -> None:
    def look(_guard: Guard) -> list[Finding]:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    with pytest.raises(RuntimeError, match="out of memory"):
        _answered(Guard.TEXT, look)


def test_finds_are_told_once_the_gravest_first_and_not_without_end() -> None:
    def find(change: Change, x: int) -> Finding:
        return Finding(guard=Guard.TEXT, change=change, box=Box(x=x, y=0, width=10, height=10), detail="x")

    found = _gravest([find(Change.TOUCHED, 0), find(Change.INVENTED, 100), find(Change.TOUCHED, 1)])
    assert [each.change for each in found] == [Change.INVENTED, Change.TOUCHED]
    assert len(_gravest(find(Change.LOST, 20 * number) for number in range(50))) == MOST_FINDINGS
