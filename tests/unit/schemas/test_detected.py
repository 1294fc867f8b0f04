"""How sure a detector was goes with the mask, as far as the assessment."""

from schemas.plan import request_for
from schemas.pointers import Box
from schemas.stage import Detection, Stage
from tests import documents
from tests.documents import FIND, WORK

BOX = Box(x=1, y=2, width=3, height=4)


def _parameters(*detections: Detection) -> dict[str, object]:
    masked = documents.summary(Stage.MASK, detections=list(detections))
    state = documents.state(documents.run(FIND), (Stage.MASK, masked), Stage.INPAINT, Stage.REFINE)
    return request_for(Stage.ASSESS, state, work_bucket=WORK).parameters


def test_the_least_sure_detection_speaks_for_the_mask() -> None:
    sure, unsure = (Detection(label="text", score=score, box=BOX) for score in (0.9, 0.4))
    assert _parameters(sure, unsure)["detector_score"] == 0.4
    assert _parameters(sure)["detector_score"] == 0.9


def test_where_nothing_was_detected_there_is_no_score() -> None:
    assert "detector_score" not in _parameters()
