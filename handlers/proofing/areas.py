"""Where a mask is, as boxes that a person looks at one after the other.

Parts of a mask are found on a grid of cells, so that letters of a word and the strokes of a mark are one part and a
picture of 120 megapixels takes no longer than one of 12.
"""

from collections.abc import Iterator

from PIL import Image

from schemas.pointers import Box
from schemas.proof import AREA_SIDE

CONTEXT = 64
"""Pixels around an edit that are shown at least, where the picture has them."""
_ROOM = AREA_SIDE - 2 * CONTEXT
_LEAST_VIEW = 320
"""Pixels. A speck in a tiny view tells nothing."""
_CELL, _MOST_CELLS = 16, 512
"""Pixels of a cell at least, and cells a side at most."""
_NEAR = 48
"""Pixels between two parts that are looked at together."""
_MOST_PARTS = 256
"""Beyond that the mask is a pattern all over the picture, and is looked at tile by tile."""


def edited_areas(mask: Image.Image) -> list[Box]:
    """Cover a mask of 0 and 255 with boxes of at most ``AREA_SIDE`` less its context, the most edited first."""
    whole = mask.getbbox()
    if whole is None:
        return []
    parts = _parts(mask)
    boxes = _joined(parts) if len(parts) <= _MOST_PARTS else [_box(*whole)]
    tiles = [tile for box in boxes for tile in _tiles(mask, box)]
    return sorted(tiles, key=lambda tile: (-_pixels(mask, tile), tile.y, tile.x))


def view_of(edited: Box, width: int, height: int) -> Box:
    """Surroundings of an edit that are shown with it: about as much again, within ``AREA_SIDE`` and the picture."""
    left, across = _stretch(edited.x, edited.width, width)
    top, down = _stretch(edited.y, edited.height, height)
    return Box(x=left, y=top, width=across, height=down)


def around(boxes: list[Box]) -> Box:
    """The smallest box that holds all of them."""
    return _box(
        min(box.x for box in boxes),
        min(box.y for box in boxes),
        max(box.x + box.width for box in boxes),
        max(box.y + box.height for box in boxes),
    )


def _stretch(start: int, length: int, extent: int) -> tuple[int, int]:
    wanted = min(max(2 * length, _LEAST_VIEW), AREA_SIDE, extent)
    return min(max(0, start + length // 2 - wanted // 2), extent - wanted), wanted


def _box(left: int, top: int, right: int, bottom: int) -> Box:
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def _pixels(mask: Image.Image, box: Box) -> int:
    return mask.crop(_corners(box)).histogram()[255]


def _filled(mask: Image.Image, box: Box) -> Box | None:
    """The part of a box that has mask in it."""
    found = mask.crop(_corners(box)).getbbox()
    return found and _box(box.x + found[0], box.y + found[1], box.x + found[2], box.y + found[3])


def _parts(mask: Image.Image) -> list[Box]:
    """Boxes of the connected parts, tight."""
    grid, cell = mask, 1
    while cell < _CELL or max(grid.size) > _MOST_CELLS:
        grid, cell = grid.reduce(2).point([0] + [255] * 255), cell * 2
    found = []
    for left, top, right, bottom in _connected(bytearray(grid.tobytes()), grid.width):
        right, bottom = min(right * cell, mask.width), min(bottom * cell, mask.height)  # noqa: PLW2901  to pixels
        if part := _filled(mask, _box(left * cell, top * cell, right, bottom)):
            found.append(part)
        if len(found) > _MOST_PARTS:
            break
    return found


def _connected(cells: bytearray, width: int) -> Iterator[tuple[int, int, int, int]]:
    """Corners of each group of cells that touch, corners included. Empties ``cells``."""
    start = cells.find(255)
    while start >= 0:
        cells[start] = 0
        waiting, reached = [start], []
        while waiting:
            place = waiting.pop()
            reached.append(place)
            column = place % width
            for row in (place - width, place, place + width):
                for near in range(row - (column > 0), row + 1 + (column < width - 1)):
                    if 0 <= near < len(cells) and cells[near]:
                        cells[near] = 0
                        waiting.append(near)
        columns = [place % width for place in reached]
        yield min(columns), min(reached) // width, max(columns) + 1, max(reached) // width + 1
        start = cells.find(255, start)


def _joined(boxes: list[Box]) -> list[Box]:
    """Join boxes that are near each other while they still fit one view."""
    joined: list[Box] = []
    for box in boxes:
        while (other := next((each for each in joined if _go_together(each, box)), None)) is not None:
            joined.remove(other)
            box = around([other, box])  # noqa: PLW2901  it grows until nothing near it is left
        joined.append(box)
    return joined


def _go_together(one: Box, other: Box) -> bool:
    both = around([one, other])
    near_across = both.width <= one.width + other.width + _NEAR
    near_down = both.height <= one.height + other.height + _NEAR
    return near_across and near_down and max(both.width, both.height) <= _ROOM


def _tiles(mask: Image.Image, box: Box) -> Iterator[Box]:
    """Divide a box that is too large for one view evenly; places without mask fall away."""
    columns, lines = -(-box.width // _ROOM), -(-box.height // _ROOM)
    for line in range(lines):
        top, bottom = box.y + box.height * line // lines, box.y + box.height * (line + 1) // lines
        for column in range(columns):
            left, right = box.x + box.width * column // columns, box.x + box.width * (column + 1) // columns
            if tile := _filled(mask, _box(left, top, right, bottom)):
                yield tile
