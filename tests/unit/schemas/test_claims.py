"""What a file says about itself is what was done to it: no more, no less."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.asset import MediaType
from schemas.claims import Output, claim_of
from schemas.credentials import MOST_REGIONS, VERSION, Claim, SourceType, can_carry
from schemas.delivering import DeliverStep
from schemas.making import Made, making_of
from schemas.pointers import Box
from schemas.records import StageRecord
from schemas.review import Ruling
from schemas.run import RunState
from schemas.stage import EditedArea, Stage
from tests import documents

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
OUTPUT = Output("native", "image/jpeg", 640, 480)
REPAIRED = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
ENLARGED = (*REPAIRED, Stage.UPSCALE, Stage.ASSESS_UPSCALED)


def _area(generative: bool | None = False, model: str = "inpaint-model", **box: int) -> EditedArea:
    place = Box(**{"x": 0, "y": 0, "width": 64, "height": 48} | box)
    return EditedArea(box=place, crop=place, hole_pixels=10, model=model, generative=generative)


def _made(stage: Stage, generative: bool | None = False, **facts: Any) -> Made:
    model = documents.result(stage).model.model_copy(update={"generative": generative})
    return Made(model, **{"width": 640, "height": 480, "ended_at": NOW} | facts)


def _claim(state: RunState, made: dict[Stage, Made], output: Output = OUTPUT) -> Claim:
    return claim_of(state, made, output, moment=NOW)


def _repair(*areas: EditedArea, output: Output = OUTPUT, **order: Any) -> Claim:
    state = documents.state(documents.run(**order), *REPAIRED)
    return _claim(state, {stage: _made(stage, areas[0].generative, areas=list(areas)) for stage in REPAIRED}, output)


def _names(claim: Claim) -> list[str]:
    return [action.action.removeprefix("c2pa.") for action in claim.actions]


def test_a_repair_is_opened_edited_and_published() -> None:
    assert _names(_repair(_area())) == ["opened", "edited", "edited", "published"]


@pytest.mark.parametrize(
    ("generative", "kind"), [(True, SourceType.COMPOSITE), (False, SourceType.ENHANCED), (None, None)]
)
def test_a_fill_is_called_generative_if_and_only_if_its_model_is(
    generative: bool | None, kind: SourceType | None
) -> None:
    claim = _repair(_area(generative))
    assert claim.actions[1].source_type == kind
    assert claim.source_type == (SourceType.COMPOSITE if generative else None)


def test_each_model_that_filled_something_answers_for_its_own_areas() -> None:
    other = _area(True, model="lama", x=100).model_copy(update={"version": "3"})
    claim = _repair(_area(), other)
    fills = [(a.agent.name, a.agent.version, a.source_type, a.regions[0].x) for a in claim.actions[1:3]]
    assert fills == [("inpaint-model", "1", SourceType.ENHANCED, 0), ("lama", "3", SourceType.COMPOSITE, 100)]


def test_a_picture_that_was_not_touched_says_that_it_was_opened_and_delivered() -> None:
    claim = _claim(documents.state(documents.run(), Stage.MASK), {})
    assert _names(claim) == ["opened", "published"]
    assert claim.source_type is None


def test_a_scene_is_a_new_picture_all_of_it_generated() -> None:
    state = documents.state(documents.run(documents.WORDED), Stage.PREVIEW, Stage.GENERATE)
    claim = _claim(state, {Stage.GENERATE: _made(Stage.GENERATE, generative=True)})
    assert claim.creates
    assert claim.source_type is SourceType.GENERATED
    assert claim.parent is not None
    assert claim.parent.relationship == "inputTo", "it follows a sketch, and shows nothing of it"


@pytest.mark.parametrize(("generative", "edits"), [(True, 3), (False, 2)])
def test_an_enlargement_that_makes_detail_up_is_an_edit_as_well(generative: bool, edits: int) -> None:
    state = documents.state(documents.run(documents.PRINT), *ENLARGED)
    made = {stage: _made(stage, areas=[_area()]) for stage in REPAIRED}
    made[Stage.UPSCALE] = _made(Stage.UPSCALE, generative=generative, width=1280, height=960)
    native = _claim(state, made)
    enlarged = _claim(state, made, Output("x2", "image/jpeg", 1280, 960, enlarged=True))
    assert "resized.proportional" not in _names(native), "the native file shows nothing of the enlargement"
    assert _names(enlarged).count("edited") == edits
    assert "resized.proportional" in _names(enlarged)
    assert (enlarged.source_type is SourceType.COMPOSITE) is generative


def test_a_smaller_copy_of_another_type_says_so() -> None:
    recipe = documents.EDIT.model_copy(update={"deliver": DeliverStep(metadata="rights")})
    output = Output("web-320.avif", "image/avif", 320, 240, encoded=True)
    claim = _repair(_area(), output=output, recipe=recipe)
    assert _names(claim)[3:] == ["resized.proportional", "transcoded", "edited.metadata", "published"]
    assert claim.actions[1].regions == [Box(x=0, y=0, width=32, height=24)]


@given(
    x=st.integers(0, 639),
    y=st.integers(0, 479),
    width=st.integers(1, 640),
    height=st.integers(1, 480),
    scale=st.floats(0.05, 4),
)
def test_no_edited_pixel_lies_outside_its_region(x: int, y: int, width: int, height: int, scale: float) -> None:
    width, height = min(width, 640 - x), min(height, 480 - y)
    wide, high = max(1, round(640 * scale)), max(1, round(480 * scale))
    (region,) = (
        _repair(_area(x=x, y=y, width=width, height=height), output=Output("web", "image/webp", wide, high))
        .actions[1]
        .regions
    )
    assert region.x <= x * wide / 640 + 1e-6
    assert region.x + region.width >= min(wide, (x + width) * wide / 640) - 1e-6
    assert region.y + region.height >= min(high, (y + height) * high / 480) - 1e-6
    assert region.x + region.width <= wide
    assert region.y + region.height <= high


def test_a_pattern_all_over_the_picture_lists_its_largest_areas() -> None:
    areas = [_area(width=1 + n % 60, height=1) for n in range(MOST_REGIONS + 50)]
    filled = _repair(*areas).actions[1]
    assert len(filled.regions) == MOST_REGIONS
    assert f"{MOST_REGIONS} largest" in filled.description


@pytest.mark.parametrize(
    ("ruling", "review"),
    [(None, "none"), (Ruling(verdict="approve", who="arn:alice", name="Alice"), "approve")],
)
def test_that_a_person_looked_is_said_but_not_who(ruling: Ruling | None, review: str) -> None:
    claim = _repair(_area(), ruling=ruling)
    assert claim.actions[-1].parameters["human_review"] == review
    assert "alice" not in claim.model_dump_json().lower()


def test_folders_prompts_and_buckets_stay_inside() -> None:
    state = documents.state(documents.run(documents.WORDED), Stage.PREVIEW, Stage.GENERATE)
    asked = {"prompt": "a lighthouse at dusk", "negative_prompt": "people", "seed": 7, "steps": 30}
    made = {Stage.GENERATE: _made(Stage.GENERATE, generative=True, parameters=asked)}
    telling = documents.WORDED.model_copy(update={"deliver": DeliverStep(prompts=True)})
    told = state.model_copy(update={"run": documents.run(telling)})
    private, public = _claim(state, made), _claim(told, made)
    written = json.dumps(private.definition("image/png"))
    assert not [word for word in ("trip/", "lighthouse", "people", documents.INBOX) if word in written]
    assert private.actions[0].parameters == {"licence": "MIT", "seed": 7, "steps": 30}
    assert public.actions[0].parameters["prompt"] == "a lighthouse at dusk"


def test_who_decided_what_is_removed_is_said() -> None:
    assert "photo.mask" not in _repair(_area()).actions[1].description
    assert "mask-model found it" in _repair(_area()).actions[1].description
    assert "supplied mask" in _repair(_area(), mask=documents.MASK).actions[1].description
    assert "pointed" in _repair(_area(), box=Box(x=0, y=0, width=5, height=5)).actions[1].description


def test_every_type_that_is_taken_in_is_known_to_carry_credentials_or_not() -> None:
    assert {kind for kind in MediaType if not can_carry(kind)} == {MediaType.BMP}


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def _record(stage: Stage, **changes: Any) -> StageRecord:
    found = documents.result(stage)
    facts = {"asset_id": "a", "run_id": "r", "stage": stage, "started_at": NOW, "ended_at": NOW, "model": found.model}
    return StageRecord.model_validate({**facts, "outputs": found.outputs, "width": 640, "height": 480} | changes)


def test_of_two_trials_the_one_that_is_delivered_is_told() -> None:
    state = documents.state(documents.run(), *REPAIRED)
    other = {"edits": documents.PHOTO}
    later = NOW + timedelta(seconds=1)
    made = making_of(
        state,
        [_record(Stage.INPAINT), _record(Stage.INPAINT, outputs=other, ended_at=later), _record(Stage.UPSCALE)],
    )
    assert {stage: each.ended_at for stage, each in made.items()} == {Stage.INPAINT: NOW}


def test_what_an_older_record_does_not_say_is_taken_from_the_run() -> None:
    state = documents.state(documents.run(), *REPAIRED)
    (made,) = making_of(state, [_record(Stage.REFINE, width=None, height=None)]).values()
    assert (made.width, made.height) == (640, 480)
