"""What the render stage leaves: every file that is to be delivered, finished, in the work bucket."""

from pydantic import Field

from schemas.keys import safe_file_name
from schemas.pointers import Document, S3Pointer, Sha256
from schemas.rendition import Purpose, Rendition

MOST_RENDITIONS = 32
_EXTENSIONS = {"image/jpeg": "jpg", "image/tiff": "tif"}


def extension_of(media_type: str) -> str:
    """File name ending of a delivered type, without the dot."""
    return _EXTENSIONS.get(media_type, media_type.removeprefix("image/"))


class RenderedFile(Document):
    """A finished file: the bytes that are delivered, and what is known of them. See `schemas.records.Rendition`."""

    name: str
    purpose: Purpose
    file: S3Pointer = Field(description="to the version; its `sha256` is that of the bytes that are delivered")
    media_type: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    size_bytes: int = Field(gt=0)
    unsigned_sha256: Sha256 = Field(description="of the file before Content Credentials were embedded")
    ssim: float | None = None
    quality: int | None = None
    dpi: float | None = None
    icc: str | None = None
    credentials: bool = False

    def rendition(self, asset_id: str, source_key: str) -> Rendition:
        """Say what it is once it is delivered, under a key that is named by its bytes."""
        sha256 = self.file.sha256 or self.unsigned_sha256
        name = safe_file_name(source_key, extension_of(self.media_type))
        return Rendition(
            name=self.name,
            key=f"assets/{asset_id}/{sha256[:20]}/{name}",
            media_type=self.media_type,
            width=self.width,
            height=self.height,
            size_bytes=self.size_bytes,
            sha256=sha256,
            purpose=self.purpose,
            ssim=self.ssim,
            quality=self.quality,
            dpi=self.dpi,
            icc=self.icc,
            credentials=self.credentials,
        )


class RenderResult(Document):
    """The render stage's answer, written last: whoever finds it finds every file that it names."""

    renditions: list[RenderedFile] = Field(min_length=1, max_length=MOST_RENDITIONS)
