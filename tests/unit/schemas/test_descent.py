"""What a finished picture descends from is told by bytes alone, wherever they lie."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.asset import Status
from schemas.descent import finished_files, parts
from schemas.pointers import S3Pointer
from schemas.provenance import json_schema, lacking
from schemas.records import MaskFacts, Outcome, ReviewRecord, StageRecord
from schemas.rendition import Rendition
from schemas.stage import Stage
from tests import documents

START = datetime(2026, 11, 30, tzinfo=UTC)
MAKERS = st.sampled_from([Stage.INPAINT, Stage.REFINE, Stage.GENERATE, Stage.UPSCALE])


def sha(text: str) -> str:
    """Hash a text, as if it were a file's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def file(text: str) -> S3Pointer:
    """Point at a file that holds a text, under a key that says nothing."""
    return S3Pointer(bucket=documents.WORK, key="stages/some/key", sha256=sha(text))


def stage(name: Stage, reads: str = "", makes: str = "", number: int = 0) -> StageRecord:
    """Write down a stage that reads some files and makes others; each letter is a file."""
    moment = START + timedelta(seconds=number)
    return StageRecord(
        asset_id="a-1",
        run_id="r-1",
        stage=name,
        started_at=moment,
        ended_at=moment,
        inputs={each: file(each) for each in reads},
        outputs={each: file(each) for each in makes},
    )


TRIED_TWICE = [
    stage(Stage.INSPECT, "s"),
    stage(Stage.MASK, "s", "m"),
    stage(Stage.INPAINT, "sm", "e"),
    stage(Stage.REFINE, "se", "i"),
    stage(Stage.ASSESS, "smi"),
    stage(Stage.JUDGE),
    stage(Stage.INPAINT, "sm", "f"),
    stage(Stage.REFINE, "sf", "j"),
    stage(Stage.ASSESS, "smj"),
    stage(Stage.JUDGE),
    stage(Stage.ROUTE),
    stage(Stage.DELIVER),
]


def test_a_model_that_was_tried_in_vain_is_not_behind_the_picture() -> None:
    around = ["looked", "chose"]
    after = ["decided", "delivered"]
    tried, made = ["tried", "tried", "measured", "decided"], ["made", "made", "measured", "decided"]
    assert parts(TRIED_TWICE, {sha("j")}) == [*around, *tried, *made, *after]
    assert parts(TRIED_TWICE, {sha("i")}) == [*around, *made, *tried, *after]


def test_of_a_picture_that_nobody_was_shown_nothing_was_made() -> None:
    assert "made" not in parts(TRIED_TWICE, set())


@given(letters=st.permutations("abcdef"), makers=st.lists(MAKERS, min_size=5, max_size=5), decoys=st.booleans())
def test_all_of_a_chain_is_behind_its_end_and_nothing_beside_it(
    letters: list[str], makers: list[Stage], decoys: bool
) -> None:
    chain = [stage(maker, letters[n], letters[n + 1]) for n, maker in enumerate(makers)]
    beside = [stage(Stage.REFINE, letters[n], f"{n}") for n in range(5)] if decoys else []
    found = parts([*chain, *beside], {sha(letters[-1])})
    assert found == ["made"] * 5 + ["tried"] * len(beside)


def test_a_delivery_counts_before_what_a_person_was_shown() -> None:
    outcome = Outcome(status=Status.DELIVERED, reason="So.", code="delivered")
    review = ReviewRecord(
        asset_id="a-1", run_id="r-1", opened_at=START, rule="audit", reason="So.", before=file("s"), after=file("i")
    )
    rendition = Rendition(
        name="native", key="k", media_type="image/png", width=1, height=1, size_bytes=1, sha256=sha("d")
    )
    assert finished_files(None, None) == set()
    assert finished_files(outcome, review) == {sha("i")}
    assert finished_files(outcome.model_copy(update={"renditions": [rendition]}), review) == {sha("d")}


@pytest.mark.parametrize(
    ("record", "lacks"),
    [
        (stage(Stage.ROUTE), ["libraries", "device", "decision", "rule"]),
        (
            stage(Stage.MASK).model_copy(update={"model": documents.result(Stage.MASK).model}),
            ["cost", "mask"],
        ),
        (
            stage(Stage.REFINE).model_copy(update={"model": documents.result(Stage.REFINE).model}),
            ["cost", "edited_share"],
        ),
        (
            stage(Stage.INSPECT).model_copy(
                update={"libraries": {"python": "3"}, "device": "cpu", "mask": MaskFacts()}
            ),
            [],
        ),
    ],
)
def test_what_an_older_record_lacks_is_named(record: StageRecord, lacks: list[str]) -> None:
    assert lacking(record) == lacks


def test_the_published_schema_is_open() -> None:
    schema = json_schema()
    assert schema["title"] == "RunProvenance"
    assert {"order", "stages", "deeds", "verdicts"} <= set(schema["properties"])
    assert "additionalProperties" not in schema
