"""What a page needs to show a delivered picture: the parts of ``<picture>``, from the files that there are.

Pure rules over renditions. A browser takes the first ``<source>`` whose type it knows, whatever its size, so types
that every browser knows never become one: they stand in the ``<img>``, all in one list.
"""

from collections.abc import Iterable
from html import escape
from typing import Protocol
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from schemas.rendition import Rendition

MODERN = ("image/avif", "image/webp")
"""Types that only some browsers know, the smallest files first: a browser takes the first that it knows."""
UNIVERSAL = ("image/jpeg", "image/png", "image/gif")
"""Types that every browser shows."""


class PictureSource(BaseModel):
    """One ``<source>``: the same picture in one type, at several widths."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str = Field(description="media type, for the attribute `type`")
    srcset: str = Field(description="addresses with their widths, the largest first, for the attribute `srcset`")


class PictureFallback(PictureSource):
    """The ``<img>``: what every browser shows. Its ``type`` is that of ``src``."""

    src: str = Field(description="address of the largest file that is no enlargement")
    width: int = Field(description="pixels of `src`; with `height` it keeps the place while the file loads")
    height: int = Field(description="pixels of `src`")


class Shown(Protocol):
    """What has sources and a fallback: a manifest."""

    @property
    def sources(self) -> list[PictureSource]:
        """The ``<source>`` elements, in their order."""
        ...

    @property
    def fallback(self) -> PictureFallback | None:
        """The ``<img>``."""
        ...


def address(base: str, key: str, query: str = "") -> str:
    """Write where a file is read: below ``base``, or from the server's root where that is empty."""
    return f"{base}/{quote(key)}" + (f"?{query}" if query else "")


def sources_of(renditions: Iterable[Rendition], base: str, query: str = "") -> list[PictureSource]:
    """Group what only some browsers know by its type; files for print are left out."""
    shown = _for_pages(renditions)
    groups = ((kind, [each for each in shown if each.media_type == kind]) for kind in MODERN)
    return [PictureSource(type=kind, srcset=_srcset(files, base, query)) for kind, files in groups if files]


def fallback_of(renditions: Iterable[Rendition], base: str, query: str = "") -> PictureFallback | None:
    """Choose what every browser shows; ``None`` where no file is anything that a browser shows.

    Files that were made for the web come first; where those are all of newer types, the native picture stands in, and
    where that is nothing that browsers show (TIFF, BMP), the newer type that most of them know.
    """
    every = list(renditions)
    shown = _for_pages(every)
    universal = [each for each in shown if each.media_type in UNIVERSAL]
    native = [each for each in every if each.purpose in ("native", "enlarged") and each.media_type in UNIVERSAL]
    known = [[each for each in shown if each.media_type == kind] for kind in reversed(MODERN)]
    files = next((group for group in (universal, native, *known) if group), [])
    if not files:
        return None
    first = max(files, key=lambda each: (each.purpose != "enlarged", each.width))
    return PictureFallback(
        type=first.media_type,
        src=address(base, first.key, query),
        srcset=_srcset(files, base, query),
        width=first.width,
        height=first.height,
    )


def picture_html(shown: Shown, *, alt: str = "", sizes: str = "100vw") -> str | None:
    """Write the ``<picture>`` element; ``None`` where no browser shows any of the files.

    Parameters
    ----------
    alt
        What the picture shows, for who does not see it.
    sizes
        How wide it is on the page, as the attribute ``sizes`` says it.
    """
    image = shown.fallback
    if image is None:
        return None
    wide = escape(sizes)
    lines = [
        f'  <source type="{escape(each.type)}" srcset="{escape(each.srcset)}" sizes="{wide}">' for each in shown.sources
    ]
    lines.append(
        f'  <img src="{escape(image.src)}" srcset="{escape(image.srcset)}" sizes="{wide}"'
        f' width="{image.width}" height="{image.height}" alt="{escape(alt)}" loading="lazy" decoding="async">'
    )
    return "\n".join(["<picture>", *lines, "</picture>"])


def _for_pages(renditions: Iterable[Rendition]) -> list[Rendition]:
    """Take what was made for the web; where nothing was, everything else that is not for print."""
    every = [each for each in renditions if each.media_type in (*MODERN, *UNIVERSAL) and each.purpose != "print"]
    return [each for each in every if each.purpose == "web"] or every


def _srcset(files: Iterable[Rendition], base: str, query: str) -> str:
    by_width: dict[int, Rendition] = {}
    for each in sorted(files, key=lambda file: file.size_bytes, reverse=True):
        by_width[each.width] = each  # of two that are as wide, the smaller file
    return ", ".join(
        f"{address(base, by_width[width].key, query)} {width}w" for width in sorted(by_width, reverse=True)
    )
