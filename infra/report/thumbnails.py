"""Small pictures beside a summary: before and after, each some kilobytes, whatever the size of the picture."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from infra.report.previews import open_upright

FOLDER = "thumbnails"
_SIDE = 220
_UNREADABLE = (OSError, UnidentifiedImageError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What Pillow raises for files that are no pictures, or damaged ones."""


def thumbnail(picture: Path | None, folder: Path, name: str) -> str | None:
    """Write a thumbnail; return its path relative to ``folder``, or ``None`` for what cannot be shown."""
    if picture is None or not picture.is_file():
        return None
    target = folder / FOLDER / f"{name}.jpg"
    try:
        shown = open_upright(picture)
        shown.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shown.save(target, "JPEG", quality=82)
    except _UNREADABLE:
        return None
    return f"{FOLDER}/{target.name}"
