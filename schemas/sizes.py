"""How large a generated picture becomes: by the recipe, else as the upload, always within bounds."""

SMALLEST_SIDE = 256
LARGEST_SIDE = 2048
"""Pixels. Generators repeat things in pictures much larger than those they learnt from (1 megapixel); what is to be
larger is enlarged after."""

SLIMMEST = 4
"""Times as wide as high, or as high as wide: no generator has learnt what is slimmer."""


def is_too_slim(width: int, height: int) -> bool:
    """Whether a picture is wider or higher than a scene can be."""
    return max(width, height) > SLIMMEST * min(width, height)


def within_bounds(width: int, height: int) -> tuple[int, int]:
    """Scale a size, keeping its shape, until both sides lie within the bounds; one that does stays as it is.

    Parameters
    ----------
    width, height
        Pixels. What is slimmer than ``SLIMMEST`` allows loses its shape.

    Returns
    -------
    width, height
        Pixels, each ``SMALLEST_SIDE`` to ``LARGEST_SIDE``.
    """
    factor = max(1.0, SMALLEST_SIDE / min(width, height))
    factor = min(factor, LARGEST_SIDE / max(width, height))
    return _bounded(width * factor, SMALLEST_SIDE, LARGEST_SIDE), _bounded(height * factor, SMALLEST_SIDE, LARGEST_SIDE)


def preview_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """Shrink a size to ``long_side`` pixels, keeping its shape within ``SLIMMEST``."""
    factor = long_side / max(width, height)
    least = long_side // SLIMMEST
    return _bounded(width * factor, least, long_side), _bounded(height * factor, least, long_side)


def _bounded(value: float, low: int, high: int) -> int:
    return min(max(round(value), low), high)
