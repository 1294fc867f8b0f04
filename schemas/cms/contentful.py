"""Contentful: an asset as its webhooks send it. One asset has a file for each locale."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.cms.picture import Event, Picture, is_image, part, read

_MOST_LOCALES = 50


class _Link(Event):
    id: str = Field(min_length=1, max_length=64)


class _Space(Event):
    sys: _Link


class _Sys(Event):
    type: str
    id: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9._-]{1,64}$")]
    space: _Space | None = None


class _File(Event):
    """A file. One that is not processed yet has no ``url`` but ``upload`` or ``uploadFrom``."""

    url: str | None = Field(default=None, max_length=2000)
    file_name: str = Field(default="", alias="fileName")
    content_type: str | None = Field(default=None, alias="contentType")


class _Fields(Event):
    file: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,20}$")], _File] = Field(
        default={}, max_length=_MOST_LOCALES
    )


class Asset(Event):
    """An asset; or an entry, or one that was deleted, which have another type."""

    sys: _Sys
    fields: _Fields = _Fields()


def pictures(body: bytes) -> list[Picture]:
    """Read an asset. Locales that share a file are one picture."""
    event = read(_Typed, body)
    if event.sys.type != "Asset":
        return []
    asset, found = read(Asset, body), dict[str, Picture]()
    for locale, file in sorted(asset.fields.file.items()):
        if file.url and is_image(file.content_type):
            # Contentful leaves the scheme out: //images.ctfassets.net/...
            url = f"https:{file.url}" if file.url.startswith("//") else file.url
            path = f"{part(asset.sys.id, 'asset')}/{locale}/{part(file.file_name, 'picture')}"
            found.setdefault(url, Picture(url, path, _tags(asset.sys, locale)))
    return list(found.values())


class _Type(Event):
    type: str


class _Typed(Event):
    """What all that Contentful sends has in common."""

    sys: _Type


def _tags(sys: _Sys, locale: str) -> dict[str, str]:
    space = {"cms.space": sys.space.sys.id} if sys.space else {}
    return {"cms.id": sys.id, "cms.locale": locale, **space}
