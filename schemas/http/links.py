"""Addresses of delivered files as the API shows them."""

from pydantic import Field

from schemas.http.answer import Answer, AssetId
from schemas.picture_sources import PictureFallback, PictureSource
from schemas.records import Moment


class DeliveredLinks(Answer):
    """Where the files of an asset are read at the CDN."""

    asset_id: AssetId
    signed: bool = Field(description="whether the CDN lets in only who has such an address")
    expires_at: Moment | None = Field(default=None, description="of signed addresses, UTC")
    manifest: str = Field(description="address of the asset's own manifest")
    links: dict[str, str] = Field(description="address of each file, by the rendition's name")
    sources: list[PictureSource] = Field(description="`<source>` elements in their order")
    fallback: PictureFallback | None = Field(default=None, description="the `<img>`, if browsers show any of the files")
