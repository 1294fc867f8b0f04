"""Content Credentials of delivered files as the API tells of them."""

from pydantic import Field

from schemas.http.answer import Answer, AssetId
from schemas.verified import Manifest, Standing


class FileCredentials(Answer):
    """What was found out about one delivered file, read again from where the CDN reads it."""

    name: str = Field(description="of the rendition")
    key: str = Field(description="in the delivery bucket")
    media_type: str
    standing: Standing | None = Field(default=None, description="missing where the file could not be looked at")
    sentence: str = Field(description="the same for people")
    trail: list[str] = Field(default=[], description="who did what, line by line")
    codes: list[str] = Field(default=[], description="the specification's words for what does not hold")
    generative: bool = Field(default=False, description="whether a generative model had a part in it")
    manifest: Manifest | None = Field(default=None, description="all of what it says")


class AssetCredentials(Answer):
    """The delivered files of an asset, checked a moment ago."""

    asset_id: AssetId
    signs: bool = Field(description="whether this deployment signs what it delivers")
    files: list[FileCredentials]
