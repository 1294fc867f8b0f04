"""EXIF, IPTC and XMP as blocks of bytes, and how they get onto a picture that libvips writes."""

from functools import cached_property

import pyvips
from pydantic import BaseModel, ConfigDict

from handlers.rendering.metadata.jpeg import with_exif

_EXIF, _XMP, _IPTC, _ICC = 1, 2, 4, 8
"""Bits of libvips' ``VipsForeignKeep``."""
_OF_THE_PIXELS = ("icc-profile-data", "resolution-unit")
_FIELDS = {"exif": "exif-data", "iptc": "iptc-data", "xmp": "xmp-data"}


class Metadata(BaseModel):
    """The blocks of one picture.

    ``exif`` starts with ``Exif`` and two zeros, ``iptc`` is Photoshop's resource block, ``xmp`` a packet of UTF-8.
    """

    model_config = ConfigDict(frozen=True)

    exif: bytes | None = None
    iptc: bytes | None = None
    xmp: bytes | None = None

    @classmethod
    def of(cls, image: "pyvips.Image") -> "Metadata":
        """Read what libvips found in a file. Of a TIFF's own directory it tells nothing."""
        return cls(**{name: bytes(image.get(f)) for name, f in _FIELDS.items() if image.get_typeof(f)})

    @property
    def kept(self) -> int:
        """What a writer is to keep: these blocks, and the profile where the picture has one."""
        bits = {_EXIF: self.exif, _XMP: self.xmp, _IPTC: self.iptc}
        return _ICC | sum(bit for bit, block in bits.items() if block)

    def on(self, image: "pyvips.Image") -> "pyvips.Image":
        """Give a picture these blocks and no others."""
        told = image.copy()
        for field in told.get_fields():
            if field not in _OF_THE_PIXELS:
                told.remove(field)  # comments and names of programs too; what makes up the picture it cannot remove
        for name, field in _FIELDS.items():
            if block := getattr(self, name):
                told.set_type(pyvips.GValue.blob_type, field, block)
        for field, value in self._entries.items():
            told.set_type(pyvips.GValue.gstr_type, field, value)
        return told

    @cached_property
    def _entries(self) -> dict[str, str]:
        """EXIF's entries as libvips names them: it writes only those that a picture has, whatever the block holds."""
        if self.exif is None:
            return {}
        smallest = pyvips.Image.black(8, 8).jpegsave_buffer(keep="none")
        read = pyvips.Image.jpegload_buffer(with_exif(bytes(smallest), self.exif))
        return {field: read.get(field) for field in read.get_fields() if field.startswith("exif-ifd")}


NOTHING = Metadata()
