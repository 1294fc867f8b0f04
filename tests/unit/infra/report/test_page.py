import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from infra.client import AssetView
from infra.report.page import Entry, write_report
from tests.unit.infra.report.conftest import document, pointer

EVIL = '"><script>alert(1)</script>'


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: dict[str, list[str]] = {}
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.new("RGB", (64, 48), "teal").save(path)
    return path


def page_of(entry: Entry, tmp_path: Path) -> Page:
    path = tmp_path / "report.html"
    write_report([entry], path)
    return Page(path.read_text())


def test_nothing_that_comes_from_outside_becomes_markup(photo: Path, tmp_path: Path):
    outcome = {"status": "FAILED", "reason": EVIL, "code": "x"}
    asset = document(source=pointer("inbox", f"k/{EVIL}.png"), outcome=outcome, recipe=EVIL, status="FAILED")
    asset["stages"][1]["parameters"] = {"p": EVIL}
    asset["stages"][1]["areas"] = []
    page = page_of(Entry(AssetView.model_validate(asset), EVIL, photo, story=EVIL), tmp_path)
    assert "script" not in page.tags
    assert page.text.count("<script>alert(1)</script>") >= 4


def test_the_page_loads_nothing_from_elsewhere(asset: AssetView, photo: Path, tmp_path: Path):
    page = page_of(Entry(asset, "photo", photo, mask=photo, after=photo, files=[photo]), tmp_path)
    assert {source.partition(",")[0] for source in page.values["src"]} == {"data:image/jpeg;base64"}
    assert not [link for link in page.values["href"] if not (link.startswith("#") or link == "photo.png")]
    assert "script" not in page.tags


def test_links_that_open_pictures_do_not_get_into_the_page(asset: AssetView, photo: Path, tmp_path: Path):
    write_report([Entry(asset, "photo", photo)], tmp_path / "report.html")
    assert "secret-link" not in (tmp_path / "report.html").read_text()


def test_before_mask_after_and_the_edited_area_are_shown_with_words_for_the_blind(
    asset: AssetView, photo: Path, tmp_path: Path
):
    page = page_of(Entry(asset, "photo", photo, mask=photo, after=photo), tmp_path)
    assert page.tags.count("img") == 5
    assert len([text for text in page.values["alt"] if text]) == 5
    assert "Confidence 0.83 reaches 0.60." in page.text


def test_every_stage_is_named_with_its_model_and_licence(asset: AssetView, photo: Path, tmp_path: Path):
    text = re.sub(r"\s+", " ", page_of(Entry(asset, "photo", photo), tmp_path).text)
    for said in ("inspect", "inpaint", "by-hole v1, cpu", "Apache-2.0", "1.80 model", "every pixel is identical"):
        assert said in text


def test_an_asset_without_a_run_can_be_shown(photo: Path, tmp_path: Path):
    asset = AssetView.model_validate(document(stages=[], outcome=None, status="QUEUED", run_id=""))
    assert "Still under way." in page_of(Entry(asset, "photo", photo), tmp_path).text


def test_a_large_picture_makes_no_large_page(asset: AssetView, tmp_path: Path):
    path = tmp_path / "large.png"
    Image.effect_noise((3000, 2000), 80).save(path)
    write_report([Entry(asset, "large", path, mask=path, after=path)], tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 3_000_000
