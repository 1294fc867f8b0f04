"""Which files a finished run delivers, and under which immutable, content-addressed keys."""

from schemas.asset import MediaType
from schemas.errors import PermanentFailure
from schemas.keys import safe_file_name
from schemas.pointers import Document, S3Pointer
from schemas.records import Rendition
from schemas.run import RunState
from schemas.stage import Stage

_BY_ENDING = {"png": MediaType.PNG, "jpg": MediaType.JPEG}


class Delivery(Document):
    """A file to be copied, and the rendition it becomes."""

    source: S3Pointer
    rendition: Rendition


def deliveries(state: RunState) -> list[Delivery]:
    """List the files to deliver: always the native size, and the enlargement where there is one.

    Raises
    ------
    PermanentFailure
        If a stage left an image without saying what it is.
    """
    found = [_native(state)]
    enlarged = state.output(Stage.UPSCALE, "image")
    if enlarged and state.run.recipe.upscale:
        summary = state.results[Stage.UPSCALE]
        found.append(_rendition(state, f"x{state.run.recipe.upscale.scale}", enlarged, summary.width, summary.height))
    return found


def _native(state: RunState) -> Delivery:
    if state.made_by:
        summary = state.results[state.made_by]
        return _rendition(state, "native", state.native_image, summary.width, summary.height)
    inspection = state.inspection
    if inspection is None:
        raise PermanentFailure("The upload was never inspected.", code="missing_output")
    source = state.run.source.model_copy(update={"sha256": inspection.sha256})
    return _rendition(state, "native", source, inspection.width, inspection.height, inspection.media_type)


def _rendition(
    state: RunState,
    name: str,
    source: S3Pointer,
    width: int | None,
    height: int | None,
    media_type: MediaType | None = None,
) -> Delivery:
    kind = media_type or _BY_ENDING.get(source.key.rpartition(".")[2])
    if kind is None or source.sha256 is None or not width or not height:
        raise PermanentFailure(f"The `{name}` image does not say what it is.", code="missing_output")
    file_name = safe_file_name(state.run.source.key, kind.extension)
    rendition = Rendition(
        name=name,
        key=f"assets/{state.run.asset_id}/{source.sha256[:20]}/{file_name}",
        media_type=kind,
        width=width,
        height=height,
        size_bytes=0,
        sha256=source.sha256,
    )
    return Delivery(source=source, rendition=rendition)
