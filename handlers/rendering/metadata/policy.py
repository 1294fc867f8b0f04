"""What of an upload's metadata may travel on, by the recipe's word."""

from collections.abc import Callable

from handlers.rendering.metadata import exif, iptc, xmp
from handlers.rendering.metadata.blocks import Metadata
from schemas.delivering import MetadataPolicy

Cut = Callable[[bytes], bytes | None]


def permitted(told: Metadata, policy: MetadataPolicy, orientation: int = 1) -> Metadata:
    """Cut metadata down. A block that cannot be read is left out, unless all of it may travel on.

    ``keep``: everything but EXIF's thumbnail. ``strip-gps``: that, without the GPS coordinates of EXIF and XMP; names
    of places that somebody wrote stay. ``rights``: Artist and Copyright of EXIF; by-line, credit, source and copyright
    notice of IPTC; creator, rights, credit and licences (xmpRights, PLUS, Creative Commons) of XMP.

    Parameters
    ----------
    orientation
        EXIF's, of the pixels that this is written beside: 1 where they were turned upright.
    """
    cuts = _CUTS[policy]
    return Metadata(
        exif=cuts[0](told.exif, orientation) if told.exif else None,
        iptc=cuts[1](told.iptc) if told.iptc else None,
        xmp=cuts[2](told.xmp) if told.xmp else None,
    )


def _as_it_is(block: bytes) -> bytes | None:
    return block


_CUTS: dict[MetadataPolicy, tuple[Callable[[bytes, int], bytes | None], Cut, Cut]] = {
    "keep": (exif.turned, _as_it_is, _as_it_is),
    "strip-gps": (exif.without_place, _as_it_is, xmp.without_place),
    "rights": (exif.rights_only, iptc.rights_only, xmp.rights_only),
}
