"""Files for pages: no larger than what there is, as alike as was asked for, in sRGB, upright, see-through if it was."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from skimage.metrics import structural_similarity

from handlers.rendering import opening
from handlers.rendering.colour import to_srgb
from handlers.rendering.encoders import ENCODERS
from handlers.rendering.metadata import NOTHING
from handlers.rendering.opening import opened
from handlers.rendering.quality import least
from handlers.rendering.web import web_files
from schemas.asset import MediaType
from schemas.delivering import WebFormat, WebStep
from schemas.errors import BadInput, PermanentFailure
from schemas.renditions import Master, web_widths
from tests.documents import PHOTO
from tests.unit.handlers.pictures import png_of
from tests.unit.handlers.rendering.samples import P3, master, p3_in_srgb, photograph, pixels, saved

FORMATS: list[WebFormat] = ["avif", "webp", "jpeg"]
PATCHES = np.array(
    [[255, 255, 255], [0, 0, 0], [128, 128, 128], [200, 60, 40], [90, 150, 90], [40, 70, 160], [220, 190, 100]],
    np.uint8,
)
"""Colours that both spaces hold."""


def _made(path: Path, folder: Path, *, kind: MediaType = MediaType.PNG, **step: object) -> dict[str, Path]:
    folder.mkdir()
    wanted = WebStep.model_validate({"widths": [400], **step})
    files = web_files(wanted, {"native": master(path, kind=kind)}, {"native": NOTHING}, folder)
    return {file.name: file.path for file in files}


def test_every_width_is_made_in_every_format_and_nothing_is_enlarged(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    found = _made(path, tmp_path / "web", widths=[100, 400, 900, 1200])
    assert set(found) == {f"web-{width}.{kind}" for width in (100, 400) for kind in FORMATS}
    for name, file in found.items():
        with Image.open(file) as picture:
            assert picture.size == ((400, 300) if "400" in name else (100, 75))
            assert picture.mode == "RGB"


@given(
    wanted=st.lists(st.integers(16, 5000), min_size=1, max_size=8),
    widths=st.lists(st.integers(8, 4000), min_size=1, max_size=2, unique=True).map(sorted),
)
def test_the_plan_holds_each_width_once_and_never_more_pixels_than_there_are(
    wanted: list[int], widths: list[int]
) -> None:
    pictures = [
        Master(name=f"{w}", purpose="native", source=PHOTO, media_type=MediaType.PNG, width=w, height=9) for w in widths
    ]
    planned = web_widths(wanted, pictures)
    flat = [width for each in planned.values() for width in each]
    assert sorted(flat) == sorted({min(width, widths[-1]) for width in wanted})
    for name, of_it in planned.items():
        assert all(width <= int(name) for width in of_it)
        assert all(width > smaller for width in of_it for smaller in widths if smaller < int(name))


@pytest.mark.parametrize("wanted", [0.9, 0.97, 0.99])
def test_the_likeness_that_was_asked_for_is_reached_and_told(tmp_path: Path, wanted: float) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    (tmp_path / "web").mkdir()
    step = WebStep(widths=[400], ssim=wanted)
    for file in web_files(step, {"native": master(path)}, {"native": NOTHING}, tmp_path / "web"):
        before, after = (_luma(pixels(each)) for each in (path, file.path))
        measured = structural_similarity(
            before, after, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
        )
        assert file.ssim is not None
        assert abs(measured - file.ssim) < 2e-3
        assert file.ssim >= wanted


def _luma(rgb: np.ndarray) -> np.ndarray:
    return np.asarray(rgb[..., :3] @ np.array([0.299, 0.587, 0.114]), np.float64)


def test_a_higher_likeness_takes_more_bytes(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    low, high = (_made(path, tmp_path / f"{ssim}", ssim=ssim) for ssim in (0.9, 0.99))
    assert all(low[name].stat().st_size < high[name].stat().st_size for name in low)


def _patches() -> Image.Image:
    return Image.fromarray(np.repeat(np.repeat(PATCHES[None], 64, 0), 64, 1))


def test_a_display_p3_picture_has_the_right_colours_in_srgb(tmp_path: Path) -> None:
    path = saved(_patches(), tmp_path / "p3.png", icc_profile=P3)
    expected = p3_in_srgb(PATCHES)
    assert np.abs(expected - PATCHES).max() > 8, "the spaces differ where it is looked at"
    shown = to_srgb(opened(path, MediaType.PNG))
    converted = np.array([shown.getpoint(32 + 64 * number, 32) for number in range(len(PATCHES))])
    assert np.abs(converted - expected).max() <= 2
    found = _made(path, tmp_path / "web", widths=[448], ssim=0.999)
    for name, file in found.items():
        seen = pixels(file)[32, 32::64].astype(float)
        # A JPEG's 8 bits of luma and chroma alone are up to 1.4 off in blue.
        assert np.abs(seen - expected).max() <= (3 if name.endswith("jpeg") else 2), name
        with Image.open(file) as picture:
            assert not picture.info.get("icc_profile"), "sRGB is what a page takes a picture without a profile for"


def test_a_picture_without_a_profile_keeps_its_numbers(tmp_path: Path) -> None:
    found = _made(saved(_patches(), tmp_path / "plain.png"), tmp_path / "web", widths=[448], ssim=0.999)
    for name, file in found.items():
        assert np.abs(pixels(file)[32, 32::64].astype(int) - PATCHES).max() <= 2, name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(tmp_path: Path, orientation: int) -> None:
    corner = Image.new("RGB", (96, 64), "white")
    corner.paste("red", (0, 0, 32, 32))  # top left, once it is upright
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that leads to the stored picture
    stored = corner.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else corner
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(stored, tmp_path / "turned.jpg", "JPEG", quality=95, exif=exif)
    for name, file in _made(path, tmp_path / "web", kind=MediaType.JPEG, widths=[96, 48]).items():
        seen = pixels(file).astype(int)
        assert seen.shape[:2] == ((64, 96) if "96" in name else (32, 48))
        reddish = seen[..., 0] - seen[..., 1] > 100
        assert reddish[4, 4], name
        assert not reddish[-4, -4] | reddish[4, -4] | reddish[-4, 4], name


def test_transparency_stays_where_the_format_has_it_and_is_shown_on_white_elsewhere(tmp_path: Path) -> None:
    picture = photograph().convert("RGBA")
    picture.paste((255, 0, 0, 0), (0, 0, 200, 300))
    found = _made(saved(picture, tmp_path / "cut.png"), tmp_path / "web", widths=[400, 200])
    for name, file in found.items():
        seen = pixels(file)
        if name.endswith("jpeg"):
            assert seen.shape[2] == 3
            assert seen[50, 40].min() > 250
        else:
            assert (seen.shape[2], seen[50, 40, 3], seen[50, -40, 3]) == (4, 0, 255), name


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK"])
def test_grey_palettes_and_cmyk_become_srgb(tmp_path: Path, mode: str) -> None:
    kind, media_type = ("TIFF", MediaType.TIFF) if mode == "CMYK" else ("PNG", MediaType.PNG)
    stored = photograph().convert(mode)
    path = saved(stored, tmp_path / "cat.img", kind)
    for name, file in _made(path, tmp_path / "web", kind=media_type, widths=[400]).items():
        with Image.open(file) as picture:
            assert (picture.size, picture.mode.startswith("RGB")) == ((400, 300), True), name
        grey = _luma(np.asarray(stored.convert("RGB")))
        # libvips' own CMYK is a press', Pillow's conversion a formula: the picture is the same, its tones are not.
        assert np.corrcoef(_luma(pixels(file)).ravel(), grey.ravel())[0, 1] > 0.95, name


def test_sixteen_bits_are_rounded_and_not_cut_off(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    path = saved(Image.fromarray(ramp), tmp_path / "deep.png")
    for name, file in _made(path, tmp_path / "web", widths=[256], ssim=0.999).items():
        found = pixels(file)[32, :, 0].astype(int)
        assert np.abs(found - np.arange(256)).max() <= 3, name


@pytest.mark.parametrize(("kind", "media_type"), [("BMP", MediaType.BMP), ("GIF", MediaType.GIF)])
def test_types_of_old_are_read(tmp_path: Path, kind: str, media_type: MediaType) -> None:
    path = saved(photograph(), tmp_path / "cat.img", kind)
    assert len(_made(path, tmp_path / "web", kind=media_type, widths=[200])) == len(FORMATS)


@given(
    steps=st.lists(st.floats(1e-4, 0.02), min_size=120, max_size=120),
    wanted=st.floats(0.5, 0.999),
)
def test_the_search_finds_a_quality_that_reaches_the_likeness_and_is_hardly_better(
    steps: list[float], wanted: float
) -> None:
    lost = np.cumsum(steps[::-1])[::-1]
    encoder, asked = ENCODERS["webp"], []

    def likeness(quality: int) -> float:
        asked.append(quality)
        return float(1 - lost[quality])

    found = least(likeness, encoder, wanted)
    assert encoder.lowest <= found <= encoder.highest
    if found < encoder.highest:
        assert 1 - lost[found] >= wanted
    if encoder.lowest < found and 1 - lost[found] > wanted + 0.0008:
        assert 1 - lost[found - 1] < wanted


def test_a_format_that_cannot_be_so_tall_is_left_out(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (20, 16_400), "teal"), tmp_path / "tall.png")
    assert set(_made(path, tmp_path / "web", widths=[20])) == {"web-20.jpeg"}


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    first, second = (_made(path, tmp_path / name, widths=[400, 200]) for name in ("one", "two"))
    assert {name: file.read_bytes() for name, file in first.items()} == {
        name: file.read_bytes() for name, file in second.items()
    }


def test_a_picture_that_claims_to_be_larger_than_anything_is_not_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(50_000, 50_000))
    with pytest.raises(PermanentFailure) as raised:
        opened(path, MediaType.PNG, width=100)
    assert raised.value.code == "too_many_pixels"


def test_a_picture_that_ends_too_early_is_refused(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(BadInput) as raised:
        opened(path, MediaType.PNG, width=100)
    assert raised.value.code == "truncated"


def test_what_is_too_large_for_memory_is_worked_on_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(photograph(), tmp_path / "cat.png", icc_profile=P3)
    expected = _made(path, tmp_path / "memory", widths=[400])
    monkeypatch.setattr(opening, "_IN_MEMORY", 1000)
    found = _made(path, tmp_path / "disk", widths=[400])
    assert [file.read_bytes() for file in found.values()] == [file.read_bytes() for file in expected.values()]
