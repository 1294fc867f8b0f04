"""Large pictures a few rows at a time: intermediate values of all rows at once would take gigabytes."""

from collections.abc import Iterator

ROWS = 256


def strips(height: int) -> Iterator[slice]:
    """Cut ``height`` rows into slices of at most ``ROWS``, from the top."""
    return (slice(top, min(top + ROWS, height)) for top in range(0, height, ROWS))
