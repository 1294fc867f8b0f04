"""Render: make every file that is to be delivered, finished to the last byte, before the first one is handed out."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import provenance
from handlers.aws import records, storage
from handlers.credentials.finishing import Finisher, finisher
from handlers.observability import logger, metrics
from handlers.orders import enter
from handlers.settings import settings
from schemas.claims import Output
from schemas.comparing import UNSIGNED
from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer
from schemas.records import now
from schemas.rendered import RenderedFile, RenderResult, extension_of
from schemas.renditions import Master, masters, rendered_key
from schemas.run import RunState, StageSummary
from schemas.stage import Stage

if TYPE_CHECKING:  # libvips is loaded only where something is encoded
    from handlers.rendering.made import MadeFile
    from handlers.rendering.metadata import Metadata

LARGEST_FILE = 2 << 30
"""Bytes of an enlargement, see `inference.stages.job.ENLARGED`."""
_CHUNK = 1 << 20
_FACTS = ("name", "purpose", "width", "height", "ssim", "quality", "dpi", "icc")


def render(state: RunState) -> StageSummary:
    """Make the files of a run and write down which they are; asked again, give what was made before.

    Raises
    ------
    PermanentFailure
        ``superseded`` if another run took this one's place, or it was called off.
    """
    started, run = now(), state.run
    place = S3Pointer(bucket=settings().work_bucket, key=rendered_key(run.run_id, "result.json"))
    known = storage.read_text(place)
    if known is not None:
        return _summary(RenderResult.model_validate_json(known), place)
    if not enter(run, Stage.RENDER):
        raise PermanentFailure("Another run took this one's place.", code="superseded")
    with tempfile.TemporaryDirectory() as folder:
        files = _files(finisher(state, Path(folder)), Path(folder))
    result = RenderResult(renditions=files)
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.RENDER,
            started,
            inputs={master.name: master.source for master in masters(state)},
            outputs={file.name: file.file for file in files},
            # A signature holds a time: by these a replay tells whether it made the same file.
            # An AVIF is cut into as many tiles as there are cores, and has other bytes with others.
            parameters={UNSIGNED: {file.name: file.unsigned_sha256 for file in files}, "cores": os.cpu_count()},
        )
    )
    storage.write_text(place, result.model_dump_json(exclude_none=True))
    return _summary(result, place)


def rendered(state: RunState) -> RenderResult:
    """Read what was rendered for a run.

    Raises
    ------
    PermanentFailure
        ``missing_output`` if nothing was.
    """
    summary = state.results.get(Stage.RENDER)
    text = storage.read_text(summary.result) if summary else None
    if text is None:
        raise PermanentFailure("Nothing was rendered for this run.", code="missing_output")
    return RenderResult.model_validate_json(text)


def _files(finishes: Finisher, folder: Path) -> list[RenderedFile]:
    """Make every file: the pictures themselves, and before they are changed what the recipe wants made of them."""
    state = finishes.state
    step = state.run.recipe.deliver
    pictures = {master.name: (master, _fetched(master, folder)) for master in masters(state)}
    further: list[MadeFile] = []
    if step.web or step.print:
        from handlers.rendering.further import further_files

        told = {name: _told(finishes, master) for name, (master, _) in pictures.items()}
        further = further_files(step, pictures, told, folder)
    files = [_as_it_is(finishes, *picture) for picture in pictures.values()]
    return files + [_made(finishes, made) for made in further]


def _fetched(master: Master, folder: Path) -> Path:
    path = folder / master.name
    storage.download(master.source, path, max_bytes=LARGEST_FILE)
    return path


def _told(finishes: Finisher, master: Master) -> "Metadata":
    """What a file tells that is made of a picture: what the upload told and may travel on, and how it was made.

    A scene that was made of a sketch tells nothing of the sketch.
    """
    from handlers.rendering.further import told_by
    from handlers.rendering.metadata import NOTHING

    state, told = finishes.state, NOTHING
    upload = finishes.original
    if upload is not None and state.inspection is not None and state.made_by is not Stage.GENERATE:
        told = told_by(upload, state.inspection.media_type, state.run.recipe.deliver.metadata)
    enlarged = master.purpose == "enlarged"
    output = Output(master.name, "image/*", master.width, master.height, enlarged=enlarged, encoded=True)
    packet = finishes.packet(output, told.xmp)
    return told if packet is None else told.model_copy(update={"xmp": packet})


def _as_it_is(finishes: Finisher, master: Master, path: Path) -> RenderedFile:
    """Keep a picture as it was made, or as it came; what it says about itself is added to it."""
    kind = master.media_type.value
    enlarged = master.purpose == "enlarged"
    state, policy = finishes.state, finishes.state.run.recipe.deliver.metadata
    untouched = state.made_by is None and not enlarged
    if policy != "keep" or not untouched:
        from handlers.rendering.rewriting import cut_down, tell

        if untouched:
            cut_down(path, master.media_type, policy)
        else:
            tell(path, master.media_type, _told(finishes, master))
    output = Output(master.name, kind, master.width, master.height, enlarged=enlarged)
    finishes.describe(path, output)
    facts = master.model_dump(include={"name", "purpose", "width", "height"})
    return _finished(finishes, path, f"{master.name}.{extension_of(kind)}", output, facts)


def _made(finishes: Finisher, made: "MadeFile") -> RenderedFile:
    """Keep a file that was made here."""
    output = Output(made.name, made.media_type, made.width, made.height, enlarged=made.enlarged, encoded=True)
    facts = {name: value for name, value in made._asdict().items() if name in _FACTS}
    return _finished(finishes, made.path, made.name, output, facts)


def _finished(finishes: Finisher, path: Path, file_name: str, output: Output, facts: dict[str, Any]) -> RenderedFile:
    """Sign a file, last of all, and keep it."""
    unsigned = _sha256(path)
    signed = finishes.sign(path, output)
    return RenderedFile(
        **facts,
        media_type=output.media_type,
        file=_kept(path, finishes.state.run.run_id, file_name, output.media_type),
        size_bytes=path.stat().st_size,
        unsigned_sha256=unsigned,
        credentials=signed,
    )


def _kept(path: Path, run_id: str, name: str, media_type: str) -> S3Pointer:
    place = S3Pointer(bucket=settings().work_bucket, key=rendered_key(run_id, name), sha256=_sha256(path))
    return storage.upload(place, path, media_type)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _summary(result: RenderResult, place: S3Pointer) -> StageSummary:
    """Without seconds: they are counted as a model's, and this machine is another."""
    outputs = {file.name: file.file for file in result.renditions}
    return StageSummary(result=place, model="render", outputs=outputs)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the summary that joins the run's results."""
    return render(RunState.model_validate(event)).model_dump(mode="json", exclude_none=True)
