"""Sanity: an image asset's document, as a webhook with the filter ``_type == "sanity.imageAsset"`` sends it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.cms.picture import Event, Picture, is_image, name_in, part, read

IMAGE = "sanity.imageAsset"


class _Typed(Event):
    type: str | None = Field(default=None, alias="_type")


class ImageAsset(Event):
    """A picture. Sanity names it by its content, so that another picture is another document."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,128}$")] = Field(alias="_id")
    url: str = Field(min_length=1, max_length=2000)
    original_filename: str | None = Field(default=None, alias="originalFilename")
    mime_type: str | None = Field(default=None, alias="mimeType")


def pictures(body: bytes) -> list[Picture]:
    """Read a document; any other than a picture's is none of ours."""
    if read(_Typed, body).type != IMAGE:
        return []
    asset = read(ImageAsset, body)
    if not is_image(asset.mime_type):
        return []
    name = part(asset.original_filename or "", name_in(asset.url))
    return [Picture(asset.url, f"{part(asset.id, 'asset')}/{name}", {"cms.id": asset.id[:100]})]
