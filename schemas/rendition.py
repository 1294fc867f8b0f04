"""One delivered file, as records, manifests and events tell of it."""

from typing import Literal

from pydantic import Field

from schemas.pointers import Document, Sha256

Purpose = Literal["native", "enlarged", "web", "print"]
"""What a delivered file is for: the picture as it was made, its enlargement, a page on the web, a print."""


class Rendition(Document):
    """One delivered file."""

    name: str = Field(description="`native`; `x2` and the like for enlargements; `web-1280.avif`; `print.tiff`")
    key: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    sha256: Sha256
    purpose: Purpose = "native"
    ssim: float | None = Field(default=None, ge=-1, le=1, description="to the resized picture that was encoded")
    quality: int | None = Field(default=None, ge=0, le=100, description="of the encoder, where it loses anything")
    dpi: float | None = Field(default=None, gt=0, description="pixels an inch, for a print")
    icc: str | None = Field(default=None, description="what its ICC profile calls itself; none is taken as sRGB")
    credentials: bool = Field(default=False, description="whether Content Credentials are embedded")
