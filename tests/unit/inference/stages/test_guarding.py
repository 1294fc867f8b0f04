"""What nobody could check is not taken for good, and a guard's failure is not the end of a run."""

import cv2
import numpy as np
import pytest
import zxingcpp

from inference.compositing.edits import EditLayer, Patch
from inference.pictures import Picture
from inference.stages.guarding import _answered, _gravest, guard_edit
from inference.stages.job import Job
from schemas.errors import PermanentFailure
from schemas.finding import MOST_FINDINGS, Change, Finding, Guard
from schemas.pointers import Box
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.stages.conftest import Bench


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


def test_a_code_that_reaches_far_beyond_the_edit_is_missed_by_nobody(bench: Bench) -> None:
    code = zxingcpp.create_barcode("CP-2047-18", zxingcpp.BarcodeFormat.Code128)
    drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=3))
    picture = np.full((300, 600, 3), 200, np.uint8)
    picture[100 : 100 + drawn.shape[0], 50 : 50 + drawn.shape[1]] = drawn[..., None]
    box = Box(x=50, y=90, width=drawn.shape[1] // 3, height=drawn.shape[0] + 20)
    hole = np.ones((box.height, box.width), bool)
    patch = Patch.of(box, np.full((*hole.shape, 3), 200, np.uint8), hole.astype(np.float32), hole, "mean")
    inputs = {"source": bench.put("photo", file_of(photograph()))}
    job = Job(
        StageRequest.build(Stage.ASSESS, "comparison", inputs, {"guards": ["codes"]}, work_bucket="work"),
        bench.store,
        bench.models,
    )
    layer = EditLayer(600, 300, [patch])
    (found,) = guard_edit(job, bench.models, Picture(picture), layer, layer.hole())
    assert (found.guard, found.change) == (Guard.CODES, Change.LOST)
