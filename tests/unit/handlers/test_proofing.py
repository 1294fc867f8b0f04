"""What a reviewer is shown is true: nothing that changed is missing, nothing that did not is marked."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from handlers.proofing.areas import CONTEXT, edited_areas, view_of
from handlers.proofing.spreading import strongest
from schemas.pointers import Box
from schemas.proof import AREA_SIDE, MOST_AREAS, OVERVIEW_SIDE, THUMBNAIL_SIDE
from tests.unit.handlers.pictures import ORIENTATION, encoded, png_16_bit_colour, png_of
from tests.unit.handlers.proof_pictures import CLEAN, HOLE, dirty, mask, png, prove

INSIDE = (slice(HOLE[1], HOLE[3]), slice(HOLE[0], HOLE[2]))


def test_heat_is_there_where_pixels_differ_and_nowhere_else(tmp_path: Path) -> None:
    made = prove(tmp_path, png(dirty()), png(CLEAN), png(mask()))
    differs = (np.asarray(dirty()) != np.asarray(CLEAN)).any(axis=2)
    opacity = made.pixels(made.proofs.heat, "RGBA")[..., 3]
    assert differs.any()
    assert ((opacity > 0) == differs).all()


def test_a_difference_of_one_is_seen_and_a_larger_one_seen_better(tmp_path: Path) -> None:
    before, after = Image.new("RGB", (90, 60), (100, 100, 100)), Image.new("RGB", (90, 60), (100, 100, 100))
    for number, difference in enumerate((1, 4, 16, 64, 155)):
        after.paste((100, 100 + difference, 100), (number * 10, 0, number * 10 + 10, 10))
    made = prove(tmp_path, png(before), png(after), png(mask((90, 60), (0, 0, 50, 10))))
    colours = made.pixels(made.proofs.heat, "RGBA")[5, 5:50:10]
    lightness = colours[:, :3] @ np.array([0.21, 0.72, 0.07])
    assert colours[0, 3] > 80
    assert (np.diff(colours[:, 3]) > 0).all()
    assert (np.diff(lightness) > 0).all()


def test_an_edit_stands_out_of_what_saving_again_changed(tmp_path: Path) -> None:
    made = prove(tmp_path, encoded(dirty(), "JPEG", quality=85), encoded(CLEAN, "JPEG", quality=70), png(mask()))
    opacity = made.pixels(made.proofs.heat, "RGBA")[..., 3]
    assert np.median(opacity[INSIDE]) > 4 * np.median(np.delete(opacity, np.arange(HOLE[1], HOLE[3]), axis=0))


def test_areas_show_the_pixels_of_the_files(tmp_path: Path) -> None:
    made = prove(tmp_path, png(dirty()), png(CLEAN), png(mask()))
    (area,) = made.proofs.areas
    assert area.edited == Box(x=60, y=80, width=60, height=50)
    view = (slice(area.view.y, area.view.y + area.view.height), slice(area.view.x, area.view.x + area.view.width))
    assert (made.pixels(area.before) == np.asarray(dirty())[view]).all()
    assert (made.pixels(area.after) == np.asarray(CLEAN)[view]).all()


def test_the_mask_is_tinted_inside_and_outlined_around(tmp_path: Path) -> None:
    made = prove(tmp_path, png(dirty()), png(CLEAN), png(mask()))
    opacity = made.pixels(made.proofs.mask, "RGBA")[..., 3]
    assert 0 < opacity[INSIDE].min() == opacity[INSIDE].max() < 255
    assert (opacity[HOLE[1] - 2 : HOLE[1], HOLE[0] : HOLE[2]] == 255).all()
    assert opacity[: HOLE[1] - 2].max() == 0


def test_of_an_enlarged_result_areas_have_its_pixels_and_heat_those_of_the_original(tmp_path: Path) -> None:
    doubled = CLEAN.resize((800, 600), Image.Resampling.NEAREST)
    made = prove(tmp_path, png(dirty()), png(doubled), png(mask()))
    (area,) = made.proofs.areas
    assert (made.proofs.after_width, made.proofs.after_height) == (800, 600)
    assert made.picture(area.after).size == (2 * area.view.width, 2 * area.view.height)
    assert made.picture(area.before).size == (area.view.width, area.view.height)
    left, top = 2 * area.view.x, 2 * area.view.y
    shown = np.asarray(doubled)[top : top + 2 * area.view.height, left : left + 2 * area.view.width]
    assert (made.pixels(area.after) == shown).all()
    sizes = {made.picture(p).size for p in (made.proofs.before, made.proofs.after, made.proofs.heat, made.proofs.mask)}
    assert sizes == {(800, 600)}
    outside = made.pixels(made.proofs.heat, "RGBA")[..., 3]
    outside[2 * HOLE[1] : 2 * HOLE[3], 2 * HOLE[0] : 2 * HOLE[2]] = 0
    assert outside.max() == 0


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_a_picture_is_upright_however_the_camera_was_held(tmp_path: Path, orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    upright = CLEAN if orientation < 5 else CLEAN.transpose(Image.Transpose.ROTATE_90)
    back = [None, 0, 3, 1, 5, 2, 6, 4][orientation - 1]  # Pillow's numbers of what undoes each orientation
    stored = upright if back is None else upright.transpose(Image.Transpose(back))
    before = encoded(stored, kind, exif=exif)
    made = prove(tmp_path, before, png(upright), png(mask(upright.size)))
    assert (made.proofs.width, made.proofs.height) == upright.size
    (area,) = made.proofs.areas
    assert abs(made.pixels(area.before) - made.pixels(area.after)).mean() < 6


def test_16_bits_are_reduced_and_not_cut_off(tmp_path: Path) -> None:
    grey = Image.new("I;16", (160, 120), 40_000)
    made = prove(tmp_path, png(grey), png(grey), png(mask((160, 120), (10, 10, 30, 30))))
    assert abs(made.pixels(made.proofs.before) - 155).max() <= 1
    assert made.pixels(made.proofs.heat, "RGBA")[..., 3].max() == 0
    same = png_16_bit_colour()
    shown = prove(tmp_path, same, same)
    assert abs(shown.pixels(shown.proofs.before) - 0x12).max() <= 1


def test_cmyk_is_shown_in_the_colours_that_it_prints(tmp_path: Path) -> None:
    ink = encoded(CLEAN.convert("CMYK"), "JPEG", quality=95)
    made = prove(tmp_path, ink, png(CLEAN), png(mask()))
    assert abs(made.pixels(made.proofs.before) - np.asarray(CLEAN)).mean() < 6


def test_colours_are_converted_from_the_profile_and_srgb_is_left_as_it_is(tmp_path: Path) -> None:
    linear = _profile_of_gamma_one()
    made = prove(tmp_path, png(Image.new("RGB", (64, 64), (55, 55, 55)), icc_profile=linear), None)
    assert made.pixels(made.proofs.before).mean() == pytest.approx(128, abs=4)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = prove(tmp_path, png(dirty(), icc_profile=srgb), png(CLEAN), png(mask()))
    (area,) = made.proofs.areas
    across = slice(area.view.x, area.view.x + area.view.width)
    assert (made.pixels(area.before)[0] == np.asarray(dirty())[area.view.y, across]).all()


def _profile_of_gamma_one() -> bytes:
    """Turn Pillow's sRGB profile into one of linear light: each tone curve becomes a ``curv`` of no entries."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(int.from_bytes(profile[128:132])):
        entry = profile[132 + 12 * number : 144 + 12 * number]
        start = int.from_bytes(entry[4:8])
        if entry[:4] in (b"rTRC", b"gTRC", b"bTRC"):
            profile[start : start + 12] = b"curv" + bytes(8)
        if entry[:4] == b"desc":
            text = "sRGB".encode("utf-16-be")
            at = profile.find(text, start)
            profile[at : at + len(text)] = "none".encode("utf-16-be")
    return bytes(profile)


def test_what_is_transparent_lies_on_a_checkerboard(tmp_path: Path) -> None:
    glass = CLEAN.convert("RGBA")
    glass.paste((0, 0, 0, 0), (0, 0, 100, 300))
    made = prove(tmp_path, png(glass), png(glass.copy()), png(mask()))
    left = made.pixels(made.proofs.before)[:, :60]
    assert {round(value / 10) for value in np.unique(left[::16, ::16] // 10 * 10)} <= {20, 21, 25, 26}
    assert made.pixels(made.proofs.heat, "RGBA")[..., 3].max() == 0


@pytest.mark.parametrize(
    ("after", "mask_"),
    [
        (png(CLEAN), None),
        (png(CLEAN.resize((300, 400))), png(mask())),
        (png(CLEAN.resize((200, 150))), png(mask())),
        (png(CLEAN), png(mask((10, 10), (1, 1, 3, 3)))),
        (png(CLEAN), b"no picture"),
        (b"no picture", png(mask())),
        (png(CLEAN)[:9000], png(mask())),
        (None, png(mask())),
    ],
    ids=["no mask", "other shape", "preview", "other mask", "mask broken", "unknown", "cut off", "gone"],
)
def test_what_cannot_be_compared_is_left_out_and_the_rest_is_shown(
    tmp_path: Path, after: bytes | None, mask_: bytes | None
) -> None:
    made = prove(tmp_path, png(dirty()), after, mask_)
    assert (made.proofs.heat, made.proofs.areas) == (None, [])
    assert abs(made.pixels(made.proofs.before) - np.asarray(dirty())).mean() < 4
    for pointer in (made.proofs.after, made.proofs.thumbnail):
        made.picture(pointer).load()


def test_a_run_that_made_nothing_shows_its_upload_with_the_mask(tmp_path: Path) -> None:
    upload = png(dirty())
    made = prove(tmp_path, upload, upload, png(mask()))
    assert (made.proofs.heat, made.proofs.areas) == (None, [])
    assert made.proofs.mask is not None
    assert made.kept["before.jpg"] == made.kept["after.jpg"]


def test_without_any_file_there_are_sheets(tmp_path: Path) -> None:
    made = prove(tmp_path, None, b"")
    assert made.picture(made.proofs.before).size == made.picture(made.proofs.after).size


def test_a_file_that_claims_gigabytes_is_not_decoded(tmp_path: Path) -> None:
    made = prove(tmp_path, png(dirty()), png_of(60_000, 60_000, rows=b""), png(mask()))
    assert (made.proofs.heat, made.proofs.after_width) == (None, CLEAN.width)


def test_pictures_have_their_sizes_and_a_small_edit_fills_the_thumbnail(tmp_path: Path) -> None:
    large = Image.new("RGB", (5000, 1200), "gray")
    clean = large.copy()
    clean.paste((255, 0, 0), (4000, 600, 4100, 650))
    made = prove(tmp_path, png(large), png(clean), png(mask(large.size, (4000, 600, 4100, 650))))
    for pointer in (made.proofs.before, made.proofs.after, made.proofs.heat, made.proofs.mask):
        assert made.picture(pointer).size == (OVERVIEW_SIDE, 492)
    thumbnail = made.pixels(made.proofs.thumbnail)
    assert max(thumbnail.shape) == THUMBNAIL_SIDE
    assert (thumbnail[..., 0] - thumbnail[..., 1] > 100).mean() > 0.03  # 0.08 % of the whole picture


def test_a_single_changed_pixel_survives_the_reduction(tmp_path: Path) -> None:
    before, after = Image.new("RGB", (5000, 1200), "gray"), Image.new("RGB", (5000, 1200), "gray")
    after.putpixel((3217, 611), (129, 128, 128))
    made = prove(tmp_path, png(before), png(after), png(mask(before.size, (3217, 611, 3218, 612))))
    for layer in (made.proofs.heat, made.proofs.mask):
        rows, columns = np.nonzero(made.pixels(layer, "RGBA")[..., 3])
        assert len(rows) > 0
        assert np.hypot(rows.mean() - 611 * 492 / 1200, columns.mean() - 3217 * 2048 / 5000) < 2


def test_a_pattern_over_the_whole_picture_is_shown_in_part_and_counted(tmp_path: Path) -> None:
    size = (5000, 5000)
    boxes = [(x, y, x + 8, y + 8) for x in range(0, size[0], 100) for y in range(0, size[1], 100)]
    drawn = mask(size, *boxes)
    made = prove(tmp_path, png(Image.new("L", size)), png(Image.new("L", size, 1)), png(drawn))
    assert len(made.proofs.areas) == MOST_AREAS
    assert made.proofs.areas_left_out == len(edited_areas(drawn)) - MOST_AREAS > 0
    assert len(edited_areas(drawn)) < 50


Boxes = st.lists(
    st.tuples(st.integers(0, 2900), st.integers(0, 1900), st.integers(1, 1500), st.integers(1, 900)), max_size=12
)


@given(Boxes)
def test_every_pixel_of_a_mask_lies_in_an_area_that_can_be_shown(boxes: list[tuple[int, int, int, int]]) -> None:
    drawn = mask((3000, 2000), (0, 0, 0, 0), *((x, y, x + w, y + h) for x, y, w, h in boxes))
    rest = drawn.copy()
    sizes = []
    for area in edited_areas(drawn):
        corners = (area.x, area.y, area.x + area.width, area.y + area.height)
        assert max(area.width, area.height) <= AREA_SIDE - 2 * CONTEXT
        view = view_of(area, 3000, 2000)
        assert view.x <= area.x
        assert view.y <= area.y
        assert view.x + view.width >= area.x + area.width
        assert view.y + view.height >= area.y + area.height
        assert max(view.width, view.height) <= AREA_SIDE
        assert view.x + view.width <= 3000
        assert view.y + view.height <= 2000
        sizes.append(drawn.crop(corners).histogram()[255])
        rest.paste(0, corners)
    assert rest.getbbox() is None
    assert sizes == sorted(sizes, reverse=True)


def test_letters_of_a_word_are_looked_at_together_and_distant_marks_apart() -> None:
    letters = [(100 + 60 * number, 100, 140 + 60 * number, 150) for number in range(6)]
    together, apart = edited_areas(mask((3000, 2000), *letters, (2500, 1800, 2520, 1820)))
    assert together == Box(x=100, y=100, width=340, height=50)
    assert apart == Box(x=2500, y=1800, width=20, height=20)


@given(st.lists(st.tuples(st.integers(0, 299), st.integers(0, 199)), min_size=1, max_size=20), st.integers(20, 300))
def test_no_value_is_lost_where_a_map_is_reduced(points: list[tuple[int, int]], width: int) -> None:
    values = Image.new("L", (300, 200))
    for number, point in enumerate(points):
        values.putpixel(point, 10 + number)
    size = (width, max(1, round(width * 2 / 3)))
    reduced = np.asarray(strongest(values, size))
    for x, y in points:
        column, row = min(x * size[0] // 300, size[0] - 1), min(y * size[1] // 200, size[1] - 1)
        assert reduced[row, column] >= values.getpixel((x, y))


def test_proofs_of_a_photograph_are_small_enough_to_be_sent_at_once(tmp_path: Path) -> None:
    made = prove(tmp_path, png(dirty()), png(CLEAN), png(mask()))
    first: Any = [made.proofs.before, made.proofs.after, made.proofs.heat, made.proofs.mask, made.proofs.thumbnail]
    assert sum(len(made.kept[pointer.key]) for pointer in first) < 400_000
    assert io.BytesIO(made.kept["before.jpg"]).read(2) == b"\xff\xd8"
