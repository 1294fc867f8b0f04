"""From a run's state to the next work order, and in the end to the files that are delivered."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.asset import MediaType, Status
from schemas.errors import BadInput, PermanentFailure, TransientFailure
from schemas.given import Given
from schemas.plan import request_for
from schemas.pointers import Box, Point, S3Pointer
from schemas.recipe import ModelStep
from schemas.rendered import RenderedFile, extension_of
from schemas.renditions import masters
from schemas.run import Run, RunState
from schemas.stage import MODEL_STAGES, Stage, StageFailure, StageRequest
from tests import documents
from tests.documents import EDIT, ENLARGE, FIND, MARKS, MASK, PHOTO, PRINT, WORDED, WORK

BOX = Box(x=1, y=2, width=3, height=4)
POINT = Point(x=5, y=6)
EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)


def _request(stage: Stage, state: RunState) -> StageRequest:
    return request_for(stage, state, work_bucket=WORK)


@given(attempt=st.integers(1, 10**6), key=st.text(min_size=1, max_size=40))
def test_a_runs_name_can_name_an_execution(attempt: int, key: str) -> None:
    name = documents.run(source=PHOTO.model_copy(update={"key": key}), attempt=attempt).run_id
    assert len(name) <= 80
    assert name.replace("-", "").isalnum()


def test_everything_that_decides_a_run_is_in_its_name() -> None:
    runs = [
        documents.run(),
        documents.run(FIND),
        documents.run(EDIT.model_copy(update={"version": 2})),
        documents.run(source=PHOTO.model_copy(update={"version_id": "v2"})),
        documents.run(source=PHOTO.model_copy(update={"bucket": "another-inbox"})),
        documents.run(mask=MASK),
        documents.run(mask=MASK.model_copy(update={"version_id": "m2"})),
        documents.run(box=BOX),
        documents.run(point=POINT),
        documents.run(point=Point(x=6, y=5)),
        documents.run(point=POINT, marks=MARKS),
        documents.run(marks=MARKS),
        documents.run(marks={"other": MARKS["acme"]}),
        documents.run(marks={"acme": MARKS["acme"].model_copy(update={"sha256": "cd" * 32})}),
        documents.run(attempt=2),
        documents.run(job_version="s1"),
        documents.run(job_version="s2"),
        documents.run(cache=False),
        documents.run(until=Stage.MASK),
    ]
    assert len({run.run_id for run in runs}) == len(runs)
    assert documents.run(mask=MASK, box=BOX) == documents.run(mask=MASK, box=BOX)


def test_what_is_for_whoever_waits_is_in_no_name() -> None:
    told = documents.run(callback="https://example.com/done", tags={"order": "42"}, batch="b-" + "0" * 24)
    assert told.run_id == documents.run().run_id


def test_the_next_attempt_differs_in_nothing_else() -> None:
    given: Given = {
        **Given(mask=MASK, box=BOX, point=POINT, marks=MARKS, job_version="s1", cache=False, until=Stage.REFINE),
        **Given(callback="https://example.com/done", tags={"order": "42"}, batch="b-" + "0" * 24),
    }
    run = documents.run(**given)
    again = run.again()
    assert again == documents.run(**given, attempt=2)
    assert again.model_copy(update={"attempt": 1, "run_id": run.run_id}) == run


@pytest.mark.parametrize(
    "run", [documents.run(), documents.run(PRINT, mask=MASK, box=BOX, point=POINT, marks=MARKS), documents.run(ENLARGE)]
)
def test_a_state_survives_the_state_machine(run: Run) -> None:
    state = documents.state(run, *EDITED, Stage.ASSESS, Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    text = state.model_dump_json(exclude_none=True)
    assert RunState.model_validate_json(text) == state
    assert len(text) < 20_000  # of Step Functions' 256 KiB


def test_the_picture_is_the_last_that_was_made() -> None:
    run = documents.run(PRINT, mask=MASK)
    assert documents.state(run).final_image == PHOTO
    assert not documents.state(run).was_edited
    edited = documents.state(run, *EDITED)
    assert edited.was_edited
    assert edited.final_image == edited.native_image == edited.output(Stage.REFINE, "image")
    assert documents.state(run, *EDITED, Stage.UPSCALE).final_image.key == "stages/upscale/image.png"


@pytest.mark.parametrize(
    ("run", "stages", "stage", "model", "inputs"),
    [
        (documents.run(mask=MASK), (), Stage.MASK, "supplied-mask", {"source", "mask"}),
        (documents.run(FIND, mask=MASK, box=BOX), (), Stage.MASK, "supplied-mask", {"source", "mask"}),
        (documents.run(FIND, box=BOX), (), Stage.MASK, "grabcut", {"source"}),
        (documents.run(FIND, point=POINT, marks=MARKS), (), Stage.MASK, "grabcut", {"source"}),
        (documents.run(FIND), (), Stage.MASK, "ppocr-text", {"source"}),
        (documents.run(FIND, marks=MARKS), (), Stage.MASK, "ppocr-text", {"source", "mark-acme"}),
        (documents.run(EDIT, marks=MARKS), (), Stage.MASK, "registered-mark", {"source", "mark-acme"}),
        (documents.run(FIND, mask=MASK, marks=MARKS), (), Stage.MASK, "supplied-mask", {"source", "mask"}),
        (documents.run(FIND, box=BOX, marks=MARKS), (), Stage.MASK, "grabcut", {"source"}),
        (documents.run(marks=MARKS), EDITED[:1], Stage.INPAINT, "by-hole", {"source", "mask", "mark-acme"}),
        (documents.run(), EDITED[:1], Stage.INPAINT, "by-hole", {"source", "mask"}),
        (documents.run(), EDITED[:2], Stage.REFINE, "classical-refine", {"source", "edits"}),
        (documents.run(), EDITED, Stage.ASSESS, "classical-assess", {"source", "mask", "edits", "image"}),
        (documents.run(PRINT), EDITED, Stage.UPSCALE, "span-x2", {"source", "edits"}),
        (documents.run(ENLARGE), (), Stage.UPSCALE, "span-x2", {"source"}),
        (
            documents.run(PRINT),
            (*EDITED, Stage.UPSCALE),
            Stage.ASSESS_UPSCALED,
            "classical-assess",
            {"source", "image", "edits"},
        ),
        (
            documents.run(ENLARGE),
            (Stage.UPSCALE,),
            Stage.ASSESS_UPSCALED,
            "classical-assess",
            {"source", "image"},
        ),
    ],
)
def test_each_stage_gets_its_model_and_what_the_contract_lists(
    run: Run, stages: tuple[Stage, ...], stage: Stage, model: str, inputs: set[str]
) -> None:
    request = _request(stage, documents.state(run, *stages))
    assert (request.stage, request.model, set(request.inputs)) == (stage, model, inputs)
    assert request.output.key.startswith(f"stages/{stage}/")
    assert request.result_pointer.key == f"{request.output.key}result.json"


def test_parameters_say_what_the_recipe_says() -> None:
    assert _request(Stage.MASK, documents.state(documents.run(box=BOX))).parameters == {"box": BOX.model_dump()}
    assert _request(Stage.MASK, documents.state(documents.run(point=POINT))).parameters == {"point": "5,6"}
    both = documents.run(box=BOX, point=POINT)
    assert _request(Stage.MASK, documents.state(both)).parameters == {"box": BOX.model_dump()}
    state = documents.state(documents.run(PRINT), *EDITED)
    assert _request(Stage.REFINE, state).parameters == {"format": "source", "keep_metadata": True}
    assert _request(Stage.UPSCALE, state).parameters == {"format": "source", "keep_metadata": True, "scale": 2}


@pytest.mark.parametrize(
    ("stage", "run", "stages"),
    [
        (Stage.PREVIEW, documents.run(WORDED.with_seed(7)), ()),
        (Stage.GENERATE, documents.run(WORDED.with_seed(7)), ()),
        (Stage.INPAINT, documents.run(EDIT.with_seed(7)), EDITED[:1]),
        (Stage.REFINE, documents.run(EDIT.with_seed(7)), EDITED[:2]),
    ],
)
def test_a_seed_reaches_every_step_that_makes_something_up(stage: Stage, run: Run, stages: tuple[Stage, ...]) -> None:
    state = documents.state(run, *stages)
    assert _request(stage, state).parameters["seed"] == 7
    unseeded = state.model_copy(update={"run": run.model_copy(update={"recipe": run.recipe.with_seed(8)})})
    assert _request(stage, unseeded).output != _request(stage, state).output


def test_a_seed_reaches_the_model_that_is_tried_instead() -> None:
    state = documents.state(documents.run(EDIT.with_seed(7)), *EDITED[:1])
    tried = state.model_copy(update={"fill": ModelStep(model="telea", parameters={"seed": 1})})
    assert _request(Stage.INPAINT, tried).parameters["seed"] == 7


@pytest.mark.parametrize(
    ("run", "stages", "stage", "code"),
    [
        (documents.run(ENLARGE), (), Stage.MASK, "no_such_step"),
        (documents.run(), (), Stage.MASK, "no_such_step"),
        (documents.run(ENLARGE), (), Stage.INPAINT, "no_such_step"),
        (documents.run(), EDITED, Stage.UPSCALE, "no_such_step"),
        (documents.run(), (), Stage.INPAINT, "missing_output"),
        (documents.run(), EDITED[:1], Stage.REFINE, "missing_output"),
        (documents.run(), EDITED[:2], Stage.ASSESS, "missing_output"),
        (documents.run(ENLARGE), (), Stage.ASSESS_UPSCALED, "missing_output"),
        (documents.run(), (), Stage.DELIVER, "not_a_model_stage"),
    ],
)
def test_a_stage_out_of_turn_is_refused(run: Run, stages: tuple[Stage, ...], stage: Stage, code: str) -> None:
    with pytest.raises(PermanentFailure) as raised:
        _request(stage, documents.state(run, *stages))
    assert raised.value.code == code


def _build(**changes: Any) -> StageRequest:
    facts: dict[str, Any] = {
        "stage": Stage.INPAINT,
        "model": "by-hole",
        "inputs": {"source": PHOTO, "mask": MASK},
        "parameters": {"margin": 1, "mode": "fine"},
        "work_bucket": WORK,
        "models": "cleanplate/model.tar.gz",
    }
    return StageRequest.build(**(facts | changes))


def test_the_same_question_has_the_same_place_whatever_its_order() -> None:
    turned = _build(inputs={"mask": MASK, "source": PHOTO}, parameters={"mode": "fine", "margin": 1})
    assert _build().output == turned.output


def test_what_is_known_by_its_bytes_is_found_wherever_it_lies() -> None:
    known = PHOTO.model_copy(update={"sha256": documents.SHA})
    elsewhere = S3Pointer(bucket="another-inbox", key="elsewhere.jpg", version_id="w1", sha256=documents.SHA)
    other = known.model_copy(update={"sha256": "cd" * 32})
    places = [_build(inputs={"source": each}).output for each in (known, elsewhere, other, PHOTO)]
    assert places[0] == places[1]
    assert len({place.key for place in places}) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "r-1"},
        {"stage": Stage.REFINE},
        {"model": "telea"},
        {"models": "cleanplate/other.tar.gz"},
        {"inputs": {"source": PHOTO}},
        {"inputs": {"source": PHOTO, "mask": MASK.model_copy(update={"version_id": "m2"})}},
        {"inputs": {"source": MASK, "mask": PHOTO}},
        {"parameters": {"margin": 2, "mode": "fine"}},
        {"parameters": {}},
    ],
)
def test_another_question_has_another_place(change: dict[str, Any]) -> None:
    assert _build().output != _build(**change).output


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.kind not in MODEL_STAGES])
def test_only_stages_behind_an_endpoint_have_an_order(stage: Stage) -> None:
    with pytest.raises(PermanentFailure) as raised:
        _request(stage, documents.state(documents.run()))
    assert raised.value.code == "not_a_model_stage"


@pytest.mark.parametrize("kind", [BadInput, PermanentFailure, TransientFailure])
def test_a_failure_survives_the_wire(kind: Any) -> None:
    error = StageFailure.model_validate_json(StageFailure.of(kind("No.", code="no")).model_dump_json()).to_error()
    assert (type(error), error.message, error.code, str(error)) == (kind, "No.", "no", "no: No.")


@pytest.mark.parametrize(
    ("run", "stages", "expected"),
    [
        (documents.run(), EDITED, [("native", "image/jpeg", "native")]),
        (documents.run(FIND), (), [("native", "image/jpeg", "native")]),
        (
            documents.run(PRINT),
            (*EDITED, Stage.UPSCALE),
            [("native", "image/jpeg", "native"), ("x2", "image/png", "enlarged")],
        ),
        (
            documents.run(ENLARGE),
            (Stage.UPSCALE,),
            [("native", "image/jpeg", "native"), ("x2", "image/png", "enlarged")],
        ),
    ],
)
def test_what_is_delivered_is_what_was_made(run: Run, stages: tuple[Stage, ...], expected: list[Any]) -> None:
    found = masters(documents.state(run, *stages))
    assert [(master.name, master.media_type, master.purpose) for master in found] == expected
    assert {master.source.sha256 for master in found} == {documents.SHA}


def test_a_delivered_key_is_named_by_the_bytes_and_ends_as_its_type_does() -> None:
    file = RenderedFile(
        name="web-640.jpeg",
        purpose="web",
        file=S3Pointer(bucket=WORK, key="stages/render/r-1/web-640.jpg", sha256=documents.SHA),
        media_type="image/jpeg",
        width=640,
        height=480,
        size_bytes=9,
        unsigned_sha256="cd" * 32,
        ssim=0.981,
        quality=77,
    )
    rendition = file.rendition("a-1", "trip/my photo.tiff")
    assert rendition.key == f"assets/a-1/{documents.SHA[:20]}/my-photo.jpg"
    assert (rendition.sha256, rendition.ssim, rendition.quality) == (documents.SHA, 0.981, 77)
    assert [extension_of(f"image/{kind}") for kind in ("avif", "webp", "tiff")] == ["avif", "webp", "tif"]


def test_an_untouched_upload_keeps_its_type_whatever_its_name_says() -> None:
    state = documents.state(documents.run(FIND))
    assert state.inspection is not None
    as_tiff = state.model_copy(
        update={"inspection": state.inspection.model_copy(update={"media_type": MediaType.TIFF})}
    )
    assert [master.media_type for master in masters(as_tiff)] == ["image/tiff"]


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": {"image": S3Pointer(bucket=WORK, key="stages/refine/image.exe", sha256=documents.SHA)}},
        {"outputs": {"image": S3Pointer(bucket=WORK, key="stages/refine/image.jpg")}},
        {"width": None},
        {"height": None},
    ],
)
def test_an_image_that_does_not_say_what_it_is_is_not_delivered(change: dict[str, Any]) -> None:
    state = documents.state(documents.run(), (Stage.REFINE, documents.summary(Stage.REFINE, **change)))
    with pytest.raises(PermanentFailure) as raised:
        masters(state)
    assert raised.value.code == "missing_output"


def test_an_upload_that_was_never_inspected_is_not_delivered() -> None:
    with pytest.raises(PermanentFailure):
        masters(RunState(run=documents.run(FIND)))


@given(box=st.tuples(*[st.integers(0, 1000)] * 2, *[st.integers(1, 1000)] * 2))
def test_a_box_is_read_as_people_write_it(box: tuple[int, ...]) -> None:
    read = Box.parse(" , ".join(map(str, box)))
    assert tuple(read.model_dump().values()) == box
    assert Box.parse(read.text) == read


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1.5,2,3,4", "-1,0,1,1", "0,0,0,1", "0,0,1,9999999"]
)
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Box.parse(text)


@given(x=st.integers(0, 10**6), y=st.integers(0, 10**6))
def test_a_point_is_read_as_people_write_it(x: int, y: int) -> None:
    assert Point.parse(f" {x} , {y}") == Point(x=x, y=y) == Point.parse(Point(x=x, y=y).text)


@pytest.mark.parametrize("text", ["", "1", "1,2,3", "a,b", "1.5,2", "-1,0", "0,9999999"])
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Point.parse(text)


def test_an_address_of_s3_reads_back() -> None:
    pointer = S3Pointer(bucket="bucket", key="a b/\u00fc+1.jpg")
    assert S3Pointer.from_uri(pointer.uri) == pointer


@pytest.mark.parametrize("uri", ["", "bucket/key", "https://bucket/key", "s3://bucket", "s3://bucket/", "s3:///key"])
def test_what_is_no_address_of_s3_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="not an S3 address"):
        S3Pointer.from_uri(uri)


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(ValidationError):
        S3Pointer.model_validate({"bucket": "bucket", "key": "key", "versionId": "v1"})


@pytest.mark.parametrize("status", Status)
def test_only_waiting_and_running_are_no_outcomes(status: Status) -> None:
    assert status.is_outcome is (status not in (Status.QUEUED, Status.RUNNING))


def test_megapixels_are_millions_of_pixels() -> None:
    assert documents.inspection(width=2000, height=1500).megapixels == pytest.approx(3.0)
    assert [kind.extension for kind in MediaType] == ["jpg", "png", "webp", "tif", "bmp", "gif"]
