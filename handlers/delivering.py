"""Delivering a file: copied under its immutable key, and looked at where it lies before anything names it."""

from handlers.aws import storage
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer
from schemas.rendition import Rendition

FOREVER = "public, max-age=31536000, immutable"
"""How long a file is kept by browsers and the CDN: its key changes with its content, so a year, which is the most."""


def bring(source: S3Pointer, target: S3Pointer, rendition: Rendition) -> None:
    """Have a file lie at its place, whole; what lies there whole already is not copied again.

    Raises
    ------
    TransientFailure
        ``incomplete_copy`` if it does not lie there afterwards.
    """
    if _is_there(target, rendition):
        return
    storage.copy(source, target, content_type=rendition.media_type, cache_control=FOREVER)
    if not _is_there(target, rendition):
        raise TransientFailure("A delivered file is not whole where it was copied to.", code="incomplete_copy")


def _is_there(place: S3Pointer, rendition: Rendition) -> bool:
    found = storage.head(place.bucket, place.key)
    return found is not None and found.size_bytes == rendition.size_bytes
