"""Small photographs, each another one: an answer that exists already would cost nothing."""

import io
from collections.abc import Iterator

from infra.demo.photographs import load

SIZE = (96, 64)
BOX = "30,20,20,12"
"""Left, top, width, height of what is to go, as metadata says it."""


def photographs(count: int) -> Iterator[bytes]:
    """Make PNG files that differ in one pixel."""
    picture = load("coffee.png").resize(SIZE)
    for number in range(count):
        picture.putpixel((0, 0), (number >> 16, number >> 8 & 255, number & 255))
        file = io.BytesIO()
        picture.save(file, "PNG")
        yield file.getvalue()
