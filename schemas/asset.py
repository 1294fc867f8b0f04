"""An asset: one version of one uploaded picture, and what inspection found out about it."""

from enum import StrEnum

from pydantic import Field

from schemas.pointers import Document, S3Pointer, Sha256


class Status(StrEnum):
    """Where an asset stands. All but the first two are outcomes: nothing moves on by itself from there.

    ``HELD`` was taken in and waits for an order; ``CANCELLED`` was called off while it was worked on; ``WITHDRAWN`` was
    delivered and is taken back. ``ERASED`` is a tombstone: nothing else is known of it any more.
    """

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DELIVERED = "DELIVERED"
    AWAITING_REVIEW = "AWAITING_REVIEW"
    QUARANTINED = "QUARANTINED"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"
    REJECTED = "REJECTED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"
    WITHDRAWN = "WITHDRAWN"
    ERASED = "ERASED"

    @property
    def is_outcome(self) -> bool:
        """Whether nothing moves on by itself."""
        return self not in (Status.QUEUED, Status.RUNNING)


class MediaType(StrEnum):
    """Picture types that are accepted, known by their content and never by their name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    TIFF = "image/tiff"
    BMP = "image/bmp"
    GIF = "image/gif"

    @property
    def extension(self) -> str:
        """File name ending, without the dot."""
        return {"image/jpeg": "jpg", "image/tiff": "tif"}.get(self.value, self.value.removeprefix("image/"))


class Limits(Document):
    """What is refused before a single pixel is decoded."""

    max_bytes: int = 256 * 1024 * 1024
    max_pixels: int = 120_000_000
    max_side: int = 30_000
    min_side: int = 8


class Inspection(Document):
    """Facts about the uploaded bytes. ``width`` and ``height`` are after the EXIF orientation was applied."""

    media_type: MediaType
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    size_bytes: int = Field(gt=0)
    sha256: Sha256
    bit_depth: int = Field(description="bits per channel: 8 or 16")
    mode: str = Field(description="Pillow mode of the stored picture: RGB, RGBA, L, P, CMYK, I;16 ...")
    orientation: int = Field(ge=1, le=8, description="EXIF orientation of the stored picture; 1 is upright")
    has_alpha: bool
    has_icc_profile: bool
    mask: S3Pointer | None = Field(default=None, description="the mask that came with it, with its content")
    expected_cost: float | None = Field(
        default=None, ge=0, description="US dollars that the recipe's models will take; `None` where some are unknown"
    )

    @property
    def megapixels(self) -> float:
        """Width times height in millions."""
        return self.width * self.height / 1e6
