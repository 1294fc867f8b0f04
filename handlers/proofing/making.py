"""From the files of a run to the pictures by which a person judges it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from handlers.proofing import encoding, reading
from handlers.proofing.areas import around, edited_areas, view_of
from handlers.proofing.encoding import File
from handlers.proofing.heat import heat_of
from handlers.proofing.outline import overlay_of
from handlers.proofing.sheet import crossed_out
from handlers.proofing.spreading import strongest
from schemas.errors import BadInput
from schemas.pointers import Box, S3Pointer
from schemas.proof import MOST_AREAS, OVERVIEW_SIDE, THUMBNAIL_SIDE, Area, Proofs

Keep = Callable[[str, bytes, str], S3Pointer]
"""Takes a name, the content and its media type, and says where it lies now."""
Size = tuple[int, int]
_NO_SIZE = (640, 480)
"""Of the sheet, where neither file can be opened."""
_CELL = 16
"""Native pixels of a checkerboard's cell."""


@dataclass(frozen=True)
class Files:
    """What a run was given and what it made, on disk; ``None`` for what there is not."""

    before: Path | None
    after: Path | None
    mask: Path | None = None

    @property
    def is_one_file(self) -> bool:
        """Whether the run made nothing, and shows its upload."""
        return self.before == self.after


@dataclass(frozen=True)
class _Layout:
    """Sizes of the two pictures, and what can be shown of them."""

    native: Size
    made: Size

    @property
    def is_one_shape(self) -> bool:
        """Whether both show the same view, up to the rounding of their sizes."""
        scale = self.made[0] / self.native[0]
        return abs(self.made[1] - scale * self.native[1]) <= max(1, scale)

    @property
    def overviews(self) -> tuple[Size, Size]:
        """Sizes of the two overviews: one and the same where the pictures have one shape, that of the larger."""
        if self.is_one_shape:
            shared = _within(max(self.native, self.made), OVERVIEW_SIDE)
            return shared, shared
        return _within(self.native, OVERVIEW_SIDE), _within(self.made, OVERVIEW_SIDE)


def make(files: Files, keep: Keep) -> Proofs:
    """Make the proofs of one result and keep each picture as soon as it is made.

    A file that cannot be shown is replaced by a crossed-out sheet. Without a mask of the native size, an after that is
    an edit of the before, or either file, there is no heat and there are no areas.
    """
    sizes = _size(files.before), _size(files.after)
    native = sizes[0] or sizes[1] or _NO_SIZE
    layout = _Layout(native, sizes[1] or native)
    mask = _mask(files.mask, native) if layout.is_one_shape else None
    compares = mask is not None and not files.is_one_file and layout.made >= native
    side = None if compares else OVERVIEW_SIDE
    before = _picture(files.before if sizes[0] else None, side, _CELL)
    after = (
        before
        if files.is_one_file
        else _picture(files.after if sizes[1] else None, side, max(1, _CELL * layout.made[0] // native[0]))
    )
    boxes = edited_areas(mask) if mask and compares and before and after else []
    size, after_size = layout.overviews
    edited = strongest(mask, size) if mask else None
    shown_after = _resized(after or crossed_out(after_size), after_size)

    def put(name: str, file: File) -> S3Pointer:
        return keep(f"{name}.{file[2]}", file[0], file[1])

    return Proofs(
        width=native[0],
        height=native[1],
        after_width=layout.made[0],
        after_height=layout.made[1],
        before=put("before", encoding.overview(_resized(before or crossed_out(size), size))),
        after=put("after", encoding.overview(shown_after)),
        heat=put("heat", encoding.layer(heat_of(before, after, edited)))
        if compares and edited and before and after
        else None,
        mask=put("mask", encoding.layer(overlay_of(edited))) if edited else None,
        thumbnail=put("thumbnail", encoding.overview(_thumbnail(after or shown_after, boxes, native))),
        areas=[
            _area(number, box, before, after, put) for number, box in enumerate(boxes[:MOST_AREAS]) if before and after
        ],
        areas_left_out=max(0, len(boxes) - MOST_AREAS),
    )


def _area(
    number: int, edited: Box, before: Image.Image, after: Image.Image, put: Callable[[str, File], S3Pointer]
) -> Area:
    view = view_of(edited, *before.size)
    return Area(
        edited=edited,
        view=view,
        before=put(f"area-{number:02}-before", encoding.detail(_cut(before, view, before.size))),
        after=put(f"area-{number:02}-after", encoding.detail(_cut(after, view, before.size))),
    )


def _thumbnail(after: Image.Image, boxes: list[Box], native: Size) -> Image.Image:
    """The whole result, or the edit with its surroundings where that is less than half of it."""
    if boxes:
        edited = around(boxes)
        view = view_of(edited, *native)
        if max(edited.width, edited.height) <= max(view.width, view.height) <= max(native) // 2:
            after = _cut(after, view, native)
    return _resized(after, _within(after.size, THUMBNAIL_SIDE))


def _cut(picture: Image.Image, view: Box, native: Size) -> Image.Image:
    """A view, given in native pixels, out of a picture that may have more of them."""
    across, down = picture.width / native[0], picture.height / native[1]
    right, bottom = (view.x + view.width) * across, (view.y + view.height) * down
    return picture.crop((round(view.x * across), round(view.y * down), round(right), round(bottom)))


def _within(size: Size, side: int) -> Size:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _resized(picture: Image.Image, size: Size) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _size(path: Path | None) -> Size | None:
    try:
        return reading.size_of(path) if path else None
    except BadInput:
        return None


def _picture(path: Path | None, side: int | None, cell: int) -> Image.Image | None:
    try:
        return reading.read(path, side=side, cell=cell) if path else None
    except BadInput:
        return None


def _mask(path: Path | None, size: Size) -> Image.Image | None:
    try:
        return reading.read_mask(path, size) if path else None
    except BadInput:
        return None
