"""Which pictures a finished run delivers as they are, and where the render stage leaves what it makes of them."""

from collections.abc import Sequence

from schemas.asset import MediaType
from schemas.errors import PermanentFailure
from schemas.pointers import Document, S3Pointer
from schemas.rendition import Purpose
from schemas.run import RunState
from schemas.stage import Stage

_BY_ENDING = {"png": MediaType.PNG, "jpg": MediaType.JPEG}


class Master(Document):
    """A picture that a run made, or was given: delivered itself, and what further renditions are made of."""

    name: str
    purpose: Purpose
    source: S3Pointer
    media_type: MediaType
    width: int
    height: int


def masters(state: RunState) -> list[Master]:
    """List them: always the native size, and the enlargement where there is one, which is the last.

    Raises
    ------
    PermanentFailure
        If a stage left an image without saying what it is.
    """
    found = [_native(state)]
    enlarged = state.output(Stage.UPSCALE, "image")
    if enlarged and state.run.recipe.upscale:
        summary = state.results[Stage.UPSCALE]
        name = f"x{state.run.recipe.upscale.scale}"
        found.append(_master(name, "enlarged", enlarged, summary.width, summary.height))
    return found


def web_widths(wanted: Sequence[int], pictures: Sequence[Master]) -> dict[str, list[int]]:
    """Say which widths are made of which picture, by its name, the widest first.

    Nothing is enlarged: what is wider than all that there is becomes the widest that there is, once. Of two pictures
    the smaller is taken where it has the pixels.
    """
    by_width = sorted(pictures, key=lambda picture: picture.width)
    planned: dict[str, list[int]] = {}
    for width in sorted({min(width, by_width[-1].width) for width in wanted}, reverse=True):
        source = next(picture for picture in by_width if picture.width >= width)
        planned.setdefault(source.name, []).append(width)
    return planned


def rendered_key(run_id: str, name: str) -> str:
    """Place in the work bucket of what the render stage makes for a run."""
    return f"stages/{Stage.RENDER}/{run_id}/{name}"


def _native(state: RunState) -> Master:
    if state.made_by:
        summary = state.results[state.made_by]
        return _master("native", "native", state.native_image, summary.width, summary.height)
    inspection = state.inspection
    if inspection is None:
        raise PermanentFailure("The upload was never inspected.", code="missing_output")
    source = state.run.source.model_copy(update={"sha256": inspection.sha256})
    return _master("native", "native", source, inspection.width, inspection.height, inspection.media_type)


def _master(
    name: str,
    purpose: Purpose,
    source: S3Pointer,
    width: int | None,
    height: int | None,
    media_type: MediaType | None = None,
) -> Master:
    kind = media_type or _BY_ENDING.get(source.key.rpartition(".")[2])
    if kind is None or source.sha256 is None or not width or not height:
        raise PermanentFailure(f"The `{name}` image does not say what it is.", code="missing_output")
    return Master(name=name, purpose=purpose, source=source, media_type=kind, width=width, height=height)
