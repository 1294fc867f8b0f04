"""Reduce a map so that no single pixel of it is lost: each place shows the strongest value that it stands for."""

from PIL import Image, ImageChops


def strongest(values: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resize an L picture; where it gets smaller, each pixel is the maximum of its place: no line is too thin."""
    scale = max(values.width / size[0], values.height / size[1])
    if scale > 1:
        values = spread(values, int(scale / 2) + 1)
    return values.resize(size, Image.Resampling.NEAREST)


def spread(values: Image.Image, radius: int) -> Image.Image:
    """Give each pixel the maximum within ``radius`` pixels of it, along both axes.

    Pillow's own ``MaxFilter`` sorts each neighbourhood: minutes for 60 megapixels instead of half a second.
    """
    for across, down in ((1, 0), (0, 1)):
        reach = 0
        while reach < radius:
            step = min(2 * reach + 1, radius - reach)  # no wider, or a gap would stay between the copies
            back = ImageChops.lighter(values, _moved(values, -step * across, -step * down))
            values = ImageChops.lighter(back, _moved(values, step * across, step * down))
            reach += step
    return values


def _moved(values: Image.Image, right: int, down: int) -> Image.Image:
    return values.crop((-right, -down, values.width - right, values.height - down))  # zero comes in from outside
