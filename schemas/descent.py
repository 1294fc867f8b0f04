"""Which stages a finished picture descends from. Pure: files are told apart by their bytes, wherever they lie."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from schemas.pointers import S3Pointer
from schemas.records import Outcome, ReviewRecord, StageRecord
from schemas.stage import Stage

Part = Literal["looked", "chose", "made", "tried", "measured", "decided", "delivered"]
"""What a stage had to do with the picture.

``chose`` says where, ``made`` left pixels in it, ``tried`` made some that are not in it, ``measured`` judged it.
"""

_PARTS: dict[Stage, Part] = {
    Stage.INSPECT: "looked",
    Stage.MASK: "chose",
    Stage.PREVIEW: "tried",
    Stage.ASSESS: "measured",
    Stage.ASSESS_UPSCALED: "measured",
    Stage.JUDGE: "decided",
    Stage.ROUTE: "decided",
    Stage.DELIVER: "delivered",
}
"""Of stages that leave no pixels, whatever became of the run; all others made the picture, or were tried for it."""


def parts(stages: Sequence[StageRecord], finished: Collection[str]) -> list[Part]:
    """Say for each stage what it had to do with the finished picture.

    Parameters
    ----------
    stages
        In the order of their start.
    finished
        SHA-256 of the finished files; without any nothing was made, only tried.
    """
    behind = set(finished)
    found: list[Part] = []
    for stage in reversed(stages):
        made = not behind.isdisjoint(_bytes_of(stage.outputs.values()))
        if made:
            behind |= _bytes_of(stage.inputs.values())
        found.append(_PARTS.get(stage.stage, "made" if made else "tried"))
    return found[::-1]


def finished_files(outcome: Outcome | None, review: ReviewRecord | None) -> set[str]:
    """Give the SHA-256 of what a run ended with: what was delivered, else what a person was shown."""
    if outcome is not None and outcome.renditions:
        return {rendition.sha256 for rendition in outcome.renditions}
    return _bytes_of([review.after]) if review is not None else set()


def _bytes_of(pointers: Iterable[S3Pointer]) -> set[str]:
    return {pointer.sha256 for pointer in pointers if pointer.sha256}
