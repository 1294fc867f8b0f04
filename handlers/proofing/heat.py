"""Heat: where, and how much, a result differs from its original, as a layer over either of them."""

import math

from PIL import Image, ImageChops

from handlers.proofing.spreading import strongest

_ROWS = 256
"""Rows that are worked on at once: a strip of the widest picture and its copies stay below 100 MB."""
_LEVELS = 16
_RAMP = ((92, 62, 214), (196, 48, 160), (255, 112, 48), (255, 240, 96))
"""From violet by magenta and orange to yellow: each is lighter than the one before, to colour-blind eyes as well."""
_FAINTEST, _STRONGEST = 96, 255
"""Opacity of a difference of 1 and of a full one, of 255."""
_HAZE, _HAZE_SHARE, _MOST_HAZE = 20, 0.97, 12
"""Opacity of haze, the share of the surroundings that it is taken from, and the largest difference that is haze."""


def heat_of(before: Image.Image, after: Image.Image, edited: Image.Image) -> Image.Image:
    """Draw the largest difference of any channel at each place; nothing is drawn where there is none.

    Saving a JPEG again changes every pixel a little. What differs no more than nearly all of the picture outside of
    the edit is drawn as a faint haze, so that an edit stands out of it; without such a loss, as in a PNG, a difference
    of 1 is seen as well.

    Parameters
    ----------
    after
        The same view; where it has more pixels, it is reduced to those of ``before`` first.
    edited
        255 where something was to be replaced, else 0, at the size of the layer. Each pixel of the layer shows the
        strongest difference of its place, so that none is lost.

    Returns
    -------
    Image
        Of mode P, with its transparency in ``info``.
    """
    found = strongest(_difference(before, after), edited.size)
    haze = _level(_usual(found, edited))
    opacities = [_HAZE if step < haze else _opacity(step) for step in range(_LEVELS)]
    colours = [(*_colour(step), opacity) for step, opacity in enumerate(opacities)]
    return layer(found.point([_level(value) for value in range(256)]), [(0, 0, 0, 0), *colours])


def _usual(found: Image.Image, edited: Image.Image) -> int:
    """The difference that nearly all places outside of the edit keep below."""
    counts = found.histogram(edited.point([255] + [0] * 255))
    wanted = sum(counts) * _HAZE_SHARE
    return next((value for value in range(_MOST_HAZE) if sum(counts[: value + 1]) >= wanted), _MOST_HAZE)


def layer(indices: Image.Image, colours: list[tuple[int, int, int, int]]) -> Image.Image:
    """Make a picture of few colours (red, green, blue, opacity) of an L picture that holds their numbers."""
    drawn = Image.frombytes("P", indices.size, indices.tobytes())
    drawn.putpalette([part for colour in colours for part in colour[:3]])
    drawn.info["transparency"] = bytes(colour[3] for colour in colours)
    return drawn


def _difference(before: Image.Image, after: Image.Image) -> Image.Image:
    found = Image.new("L", before.size)
    scale = after.width / before.width, after.height / before.height
    for top in range(0, before.height, _ROWS):
        bottom = min(top + _ROWS, before.height)
        old = before.crop((0, top, before.width, bottom))
        if after.size == before.size:
            new = after.crop((0, top, before.width, bottom))
        else:
            view = (0, top * scale[1], after.width, bottom * scale[1])
            new = after.resize(old.size, Image.Resampling.BOX, box=view)
        red, green, blue = ImageChops.difference(old, new).split()
        found.paste(ImageChops.lighter(ImageChops.lighter(red, green), blue), (0, top))
    return found


def _level(difference: int) -> int:
    """From 0 for none to ``_LEVELS`` for all; equal steps are equal ratios, as eyes see them."""
    return 1 + round(math.log(difference) / math.log(255) * (_LEVELS - 1)) if difference else 0


def _opacity(step: int) -> int:
    return round(_FAINTEST + (_STRONGEST - _FAINTEST) * step / (_LEVELS - 1))


def _colour(step: int) -> tuple[int, int, int]:
    place = step / (_LEVELS - 1) * (len(_RAMP) - 1)
    low = min(int(place), len(_RAMP) - 2)
    red, green, blue = (round(a + (b - a) * (place - low)) for a, b in zip(_RAMP[low], _RAMP[low + 1], strict=True))
    return red, green, blue
