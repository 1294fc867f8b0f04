"""Two pictures and where they differ, small enough for a page."""

from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageOps

from handlers.proofing.heat import heat_of
from handlers.proofing.reading import read
from infra.report.previews import data_uri

_SIDE = 720
"""Of what is shown, pixels."""
_PALE = 0.6


class PicturePair(NamedTuple):
    """A picture of both runs, reduced, with its differences, as ``data:`` addresses; and what was counted at full size.

    ``heat`` is ``None`` where there is nothing to see or nothing to compare.
    """

    name: str
    one: str | None
    other: str | None
    heat: str | None
    words: str
    same: bool = False


def picture_pair(name: str, one: Path | None, other: Path | None) -> PicturePair:
    """Lay two pictures side by side, in sRGB and upright; either may be missing."""
    left, right = (read(path) if path else None for path in (one, other))
    shown = PicturePair(name, _shown(left) if left else None, _shown(right) if right else None, None, "")
    if left is None or right is None:
        return shown._replace(words="Only one of the runs made it.")
    if left.size != right.size:
        words = f"{left.width} x {left.height} and {right.width} x {right.height} pixels are not compared."
        return shown._replace(words=words)
    found = _largest_difference(left, right).histogram()
    changed, most = sum(found[1:]), max(level for level, count in enumerate(found) if count)
    if not changed:
        return shown._replace(words="Every pixel is the same.", same=True)
    share = changed / (left.width * left.height)
    counted = "1 pixel differs" if changed == 1 else f"{changed:,} pixels differ"
    words = f"{counted} ({share:.2%}), by {most} of 255 at most."
    return shown._replace(heat=_heat(left, right), words=words)


def _largest_difference(one: Image.Image, other: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(one, other).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _heat(one: Image.Image, other: Image.Image) -> str:
    """Draw the differences over the picture in pale grey; each place shows its strongest one."""
    ground = _reduced(one)
    pale = Image.blend(ImageOps.grayscale(ground).convert("RGB"), Image.new("RGB", ground.size, "white"), _PALE)
    heat = heat_of(one, other, Image.new("L", ground.size, 255)).convert("RGBA")
    pale.paste(heat, mask=heat.getchannel("A"))
    return data_uri(pale, quality=88)


def _shown(picture: Image.Image) -> str:
    return data_uri(_reduced(picture), quality=86)


def _reduced(picture: Image.Image) -> Image.Image:
    reduced = picture.copy()
    reduced.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return reduced
