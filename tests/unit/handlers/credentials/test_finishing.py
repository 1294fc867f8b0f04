"""Every file that a run delivers carries what it says about itself: the picture, files for pages, a file for print."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from handlers import render
from handlers.aws import records, secrets, storage
from handlers.aws.clients import client
from handlers.credentials.reading import verify
from handlers.settings import settings
from infra.local import credentials
from schemas.asset import MediaType
from schemas.claims import Output
from schemas.delivering import DeliverStep, MetadataPolicy, PrintStep, WebStep
from schemas.pointers import Box, S3Pointer
from schemas.records import StageRecord
from schemas.rendered import RenderedFile, RenderResult
from schemas.run import RunState
from schemas.stage import EditedArea, Stage
from schemas.verified import Standing
from tests import documents
from tests.documents import WORK
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import begin
from tests.unit.handlers.pictures import COLOUR, encoded

NOW = datetime(2026, 11, 30, tzinfo=UTC)
NAME = "cleanplate/content-credentials"
SIZE = {"width": COLOUR.width, "height": COLOUR.height}
THEIRS = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    b' exif:GPSLatitude="52,31N" dc:rights="(c) Somebody" dc:format="theirs"/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture
def anchor(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the deployment sign; give what is trusted."""
    monkeypatch.setenv("SIGNING_SECRET", NAME)
    settings.cache_clear()
    chain, key, anchor = credentials.made(datetime.now(UTC))
    secrets.write(NAME, json.dumps({"chain": chain, "key": key}))
    return anchor


def _repaired(upload: Upload, step: DeliverStep, *, generative: bool = False, **options: object) -> RunState:
    """Bring a run of a real picture to its render step."""
    data = encoded(COLOUR, "PNG")
    source = upload("trip/photo.jpg", encoded(COLOUR, "JPEG", xmp=THEIRS))
    run = begin(source, documents.FIND.model_copy(update={"deliver": step}))
    area = EditedArea(
        box=Box(x=10, y=20, width=30, height=40),
        crop=Box(x=0, y=0, width=60, height=80),
        hole_pixels=1200,
        model="inpaint-model",
        generative=generative,
    )
    pointer = S3Pointer(bucket=WORK, key="stages/refine/image.png", sha256=hashlib.sha256(data).hexdigest())
    storage.write(pointer, data, "image/png")
    refined = documents.summary(Stage.REFINE, outputs={"image": pointer}, **SIZE)
    state = documents.state(run, Stage.MASK, Stage.INPAINT, (Stage.REFINE, refined), Stage.ASSESS)
    for stage in (Stage.INPAINT, Stage.REFINE):
        result = documents.result(stage)
        records.add_stage(
            StageRecord(
                asset_id=run.asset_id,
                run_id=run.run_id,
                stage=stage,
                started_at=NOW,
                ended_at=NOW,
                model=result.model.model_copy(update={"generative": generative if stage is Stage.INPAINT else False}),
                outputs=state.results[stage].outputs,
                areas=[area],
                **SIZE,
            )
        )
    facts = {**SIZE, "media_type": MediaType.JPEG}
    return state.model_copy(update={"inspection": documents.inspection(**facts)})


def _rendered(state: RunState, folder: Path) -> list[tuple[RenderedFile, Path]]:
    result = RenderResult.model_validate_json(str(storage.read_text(render.render(state).result)))
    found = []
    for file in result.renditions:
        path = folder / f"{file.name.replace('.', '-')}.file"
        path.write_bytes(client("s3").get_object(Bucket=file.file.bucket, Key=file.file.key)["Body"].read())
        found.append((file, path))
    return found


EVERYTHING = DeliverStep(web=WebStep(widths=[80]), print=PrintStep(width_mm=10))


def test_every_kind_of_file_is_signed_and_tells_its_own_way(anchor: str, upload: Upload, tmp_path: Path) -> None:
    files = _rendered(_repaired(upload, EVERYTHING, generative=True), tmp_path)
    assert [file.name for file, _ in files] == ["native", "web-80.avif", "web-80.webp", "web-80.jpeg", "print.tiff"]
    for file, path in files:
        found = verify(path, anchor)
        assert (file.name, found.standing, file.credentials) == (file.name, Standing.INTACT, True)
        assert found.manifest is not None
        (fill,) = [step for step in found.manifest.steps if step.source_type.startswith("compositeWith")]
        scale = file.width / COLOUR.width
        assert fill.regions[0].x == int(10 * scale)
        assert file.file.sha256 != file.unsigned_sha256


def test_every_kind_of_file_says_in_xmp_that_a_generative_model_worked_on_it(
    anchor: str, upload: Upload, tmp_path: Path
) -> None:
    for file, path in _rendered(_repaired(upload, EVERYTHING, generative=True), tmp_path):
        with Image.open(path) as picture:
            packet = bytes(picture.info["xmp"])
        assert b"compositeWithTrainedAlgorithmicMedia" in packet, file.name
        assert b"inpaint-model" in packet, file.name


@pytest.mark.parametrize(
    ("policy", "stays"),
    [("keep", {"Somebody", "GPSLatitude", "theirs"}), ("strip-gps", {"Somebody", "theirs"}), ("rights", {"Somebody"})],
)
def test_of_the_uploads_own_packet_stays_what_the_recipe_lets_travel_on(
    aws: None, upload: Upload, tmp_path: Path, policy: MetadataPolicy, stays: set[str]
) -> None:
    for file, path in _rendered(_repaired(upload, DeliverStep(metadata=policy, web=EVERYTHING.web)), tmp_path):
        with Image.open(path) as picture:
            packet = bytes(picture.info["xmp"]).decode()
        assert {word for word in ("Somebody", "GPSLatitude", "theirs") if word in packet} == stays, file.name
        assert "CreatorTool" in packet


def test_without_a_secret_files_are_delivered_unsigned(aws: None, upload: Upload, tmp_path: Path) -> None:
    for file, path in _rendered(_repaired(upload, DeliverStep()), tmp_path):
        assert not file.credentials
        assert file.unsigned_sha256 == file.file.sha256
        assert verify(path).standing is Standing.NOT_SIGNED


def test_the_same_run_made_again_differs_in_its_signature_alone(anchor: str, upload: Upload, tmp_path: Path) -> None:
    state = _repaired(upload, EVERYTHING)
    first = _rendered(state, tmp_path)
    client("s3").delete_object(Bucket=WORK, Key=f"stages/render/{state.run.run_id}/result.json")
    second = _rendered(state, tmp_path)
    assert [file.unsigned_sha256 for file, _ in first] == [file.unsigned_sha256 for file, _ in second]
    assert [file.file.sha256 for file, _ in first] != [file.file.sha256 for file, _ in second]


def test_what_was_made_of_an_upload_that_is_gone_is_delivered_and_names_it(
    anchor: str, upload: Upload, tmp_path: Path
) -> None:
    """A verdict may come when the inbox has long been cleared."""
    state = _repaired(upload, EVERYTHING, generative=True)
    source = state.run.source
    client("s3").delete_object(Bucket=source.bucket, Key=source.key, VersionId=source.version_id)
    for file, path in _rendered(state, tmp_path):
        found = verify(path, anchor)
        assert (file.name, found.standing) == (file.name, Standing.INTACT)
        assert found.manifest is not None
        assert [(origin.title, origin.description) for origin in found.manifest.origins] == [("photo.jpg", "")]


def test_a_picture_that_was_not_worked_on_keeps_its_own_packet(anchor: str, upload: Upload, tmp_path: Path) -> None:
    from handlers.credentials.finishing import finisher

    run = begin(upload("trip/photo.jpg", encoded(COLOUR, "JPEG", xmp=THEIRS)))
    finishes = finisher(documents.state(run, Stage.MASK), tmp_path)
    assert finishes.original is not None
    path = tmp_path / "file"
    path.write_bytes(finishes.original.read_bytes())
    finishes.describe(path, Output("native", "image/jpeg", *COLOUR.size))
    assert path.read_bytes() == finishes.original.read_bytes()
