"""Every delivered file is finished in the work bucket before the first one is handed out; a retry finds them."""

import hashlib
from typing import Any

import pytest

from handlers import deliver, render
from handlers.aws import records, storage
from handlers.aws.clients import client
from schemas.asset import MediaType, Status
from schemas.delivering import DeliverStep, PrintStep, WebStep
from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer
from schemas.rendered import RenderResult
from schemas.run import StageSummary
from schemas.stage import Stage
from tests import documents
from tests.documents import WORK
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import at_delivery, begin, standing
from tests.unit.handlers.rendering.samples import photograph, saved


def _keys() -> list[str]:
    listed = client("s3").list_object_versions(Bucket=WORK, Prefix="stages/render/").get("Versions", [])
    return [version["Key"] for version in listed]


@pytest.fixture
def photo(upload: Upload) -> S3Pointer:
    return upload("trip/photo.jpg")


def test_every_file_is_kept_by_its_name_and_known_to_the_byte(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo, documents.ENLARGE), Stage.UPSCALE, Stage.ASSESS_UPSCALED)
    client("s3").delete_object(Bucket=WORK, Key=state.results[Stage.RENDER].result.key)
    result = RenderResult.model_validate_json(str(storage.read_text(render.render(state).result)))
    assert [(file.name, file.purpose) for file in result.renditions] == [("native", "native"), ("x2", "enlarged")]
    for file in result.renditions:
        found = client("s3").get_object(Bucket=WORK, Key=file.file.key, VersionId=file.file.version_id)
        data = found["Body"].read()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (file.file.sha256, file.size_bytes)
        assert file.file.key == f"stages/render/{state.run.run_id}/{file.name}.{file.file.key.rpartition('.')[2]}"


def test_asked_again_it_gives_what_was_made_and_makes_nothing(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo))
    client("s3").delete_object(Bucket=WORK, Key=state.results[Stage.RENDER].result.key)
    first, made = render.render(state), _keys()
    assert render.render(state) == first
    assert _keys() == made
    stages = records.stages_of(state.run.asset_id, state.run.run_id)
    assert [stage.stage for stage in stages] == [Stage.RENDER]
    assert set(stages[0].outputs) == {"native"}


def test_what_was_rendered_is_what_is_delivered(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo))
    client("s3").delete_object(Bucket=WORK, Key=state.results[Stage.RENDER].result.key)
    summary = render.render(state)
    outcome = deliver.deliver(state.model_copy(update={"results": {**state.results, Stage.RENDER: summary}}))
    assert [r.sha256 for r in outcome.renditions] == [file.sha256 for file in summary.outputs.values()]
    assert standing(state.run).status is Status.DELIVERED


def test_an_overtaken_run_renders_nothing(photo: S3Pointer) -> None:
    old = documents.state(begin(photo), Stage.MASK, Stage.INPAINT, Stage.REFINE)
    begin(photo, mask=documents.MASK)
    with pytest.raises(PermanentFailure) as raised:
        render.render(old)
    assert (raised.value.code, _keys()) == ("superseded", [])


def test_nothing_is_delivered_that_was_not_rendered(photo: S3Pointer) -> None:
    with pytest.raises(PermanentFailure) as raised:
        deliver.deliver(documents.state(begin(photo), Stage.MASK, Stage.INPAINT, Stage.REFINE))
    assert raised.value.code == "missing_output"


def test_no_model_is_paid_for_what_was_rendered_here(photo: S3Pointer) -> None:
    state = at_delivery(begin(photo))
    assert render.render(state).seconds == 0


def test_the_handler_answers_with_a_summary_of_the_stage(photo: S3Pointer, context: Any) -> None:
    state = at_delivery(begin(photo))
    answer = render.handler(state.model_dump(mode="json", exclude_none=True), context)
    assert StageSummary.model_validate(answer).result.key.endswith("/result.json")


def test_files_for_pages_and_for_print_are_made_beside_the_picture(upload: Upload, tmp_path: Any) -> None:
    step = DeliverStep(web=WebStep(widths=[200, 4000]), print=PrintStep(width_mm=20))
    recipe = documents.FIND.model_copy(update={"deliver": step})
    picture = photograph()
    data = saved(picture, tmp_path / "cat.png").read_bytes()
    run = begin(upload("trip/cat.png", data), recipe)
    facts = {"media_type": MediaType.PNG, "width": 400, "height": 300, "sha256": hashlib.sha256(data).hexdigest()}
    state = documents.state(run, (Stage.MASK, documents.summary(Stage.MASK, outputs={})))
    state = state.model_copy(update={"inspection": documents.inspection(**facts)})
    result = RenderResult.model_validate_json(str(storage.read_text(render.render(state).result)))
    names = [file.name for file in result.renditions]
    web = [f"web-{width}.{kind}" for width in (400, 200) for kind in ("avif", "webp", "jpeg")]
    assert names == ["native", *web, "print.tiff"]
    for file in result.renditions[1:]:
        found = client("s3").get_object(Bucket=WORK, Key=f"stages/render/{run.run_id}/{file.name}")
        assert (found["ContentType"], found["ContentLength"]) == (file.media_type, file.size_bytes)
        assert (file.ssim is not None and file.ssim >= 0.98) is (file.purpose == "web")
    assert result.renditions[-1].dpi == 300
