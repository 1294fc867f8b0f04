"""Ways in which pictures get dirty. Each returns the dirty picture and, where it is known, the mask of the dirt.

Pictures are RGB; masks are ``L``, 255 where something was added, at least as large as what was added.
"""

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_VISIBLE = 2
"""Grey levels out of 255 from which a change can be seen; below it a soft edge is taken as gone."""


def watermark(
    photo: Image.Image, text: str, *, size: int, angle: float, opacity: float, centre: tuple[int, int]
) -> Image.Image:
    """Write ``text`` across the photo, in white that lets it shine through."""
    font = ImageFont.load_default(size)
    layer = Image.new("L", photo.size, 0)
    ImageDraw.Draw(layer).text(centre, text, fill=round(255 * opacity), font=font, anchor="mm")
    layer = layer.rotate(angle, Image.Resampling.BICUBIC, center=centre)
    return Image.composite(Image.new("RGB", photo.size, "white"), photo, layer)


def logo_and_caption(
    photo: Image.Image, text: str, *, logo: tuple[int, int, int], caption: tuple[int, int]
) -> tuple[Image.Image, Image.Image]:
    """Put a round logo (centre x, y, radius) and a caption (left, middle) on the photo; opaque, both."""
    colours = Image.new("RGB", photo.size)
    shape = Image.new("L", photo.size, 0)
    for layer, disc, ring, ink in ((colours, "#d9452b", "white", "white"), (shape, 255, 255, 255)):
        _draw_logo(ImageDraw.Draw(layer), logo, disc, ring)
        font = ImageFont.load_default(20)
        ImageDraw.Draw(layer).text(caption, text, fill=ink, font=font, anchor="lm", stroke_width=0)
    return Image.composite(colours, photo, shape), _grown(shape, 5)


def _draw_logo(draw: ImageDraw.ImageDraw, logo: tuple[int, int, int], disc: str | int, ring: str | int) -> None:
    x, y, radius = logo
    draw.circle((x, y), radius, fill=disc, outline=ring, width=3)
    draw.regular_polygon((x, y, radius * 0.55), n_sides=3, rotation=0, fill=ring)


def photobomber(photo: Image.Image, person: Image.Image, *, left: int, top: int) -> tuple[Image.Image, Image.Image]:
    """Paste a person (RGBA) into the photo, with a soft shadow on what lies to their right.

    The mask holds the shadow as well: left outside, it would stay in the picture after the person is gone.
    """
    reach = max(4, person.height // 14)
    shadow = Image.new("L", photo.size, 0)
    shadow.paste(person.getchannel("A"), (left + reach, top + reach // 2))
    shadow = shadow.filter(ImageFilter.GaussianBlur(reach / 2))
    shadow = shadow.point(lambda value: value * 0.45)
    dirty = Image.composite(Image.new("RGB", photo.size, "black"), photo, shadow)
    dirty.paste(person, (left, top), person)
    return dirty, _grown(_changed(photo, dirty), 5)


def _changed(before: Image.Image, after: Image.Image) -> Image.Image:
    channels = ImageChops.difference(before, after).split()
    largest = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    return largest.point(lambda value: 255 if value > _VISIBLE else 0)


def _grown(mask: Image.Image, width: int) -> Image.Image:
    return mask.filter(ImageFilter.MaxFilter(2 * (width // 2) + 1))
