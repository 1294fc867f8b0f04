import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from infra.client import AssetView
from infra.report.record import failure_record, record_of
from infra.report.sheet import COLUMNS, harmless
from infra.report.summary import write_summary
from tests.unit.infra.report.test_page import EVIL, Page


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def delivered(asset: AssetView, tmp_path: Path) -> dict[str, Any]:
    result = tmp_path / "out" / "a b#1.png"
    result.parent.mkdir()
    Image.new("RGB", (600, 400), "teal").save(result)
    return record_of("in/a b#1.png", asset, result)


@given(st.text())
def test_no_cell_is_a_formula_and_nothing_else_changes(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe.removeprefix("'") == text or safe == text


def test_every_picture_has_its_line_with_what_it_cost(delivered: dict[str, Any], tmp_path: Path) -> None:
    bad = failure_record('=cmd|"/c calc"!A1\udcff.png', "FAILED", "unreadable", "No such file,\nreally")
    write_summary([delivered, bad], tmp_path / "report")
    first, second = rows(tmp_path / "report")
    assert tuple(first) == COLUMNS
    assert (first["file"], first["outcome"], first["confidence"]) == ("in/a b#1.png", "DELIVERED", "0.83")
    assert first["delivered"] == "s3://delivery/assets/a-1/photo.png"
    assert second["file"].startswith("'=cmd")
    assert second["reason"] == "No such file,\nreally"


def test_nothing_that_a_file_is_called_gets_into_the_page_as_markup(tmp_path: Path) -> None:
    record = failure_record(EVIL, "FAILED", "unreadable", EVIL)
    page = Page(write_summary([record], tmp_path / "report", title=EVIL).read_text())
    assert "script" not in page.tags
    assert EVIL in page.text


def test_before_and_after_are_shown_small_and_the_result_is_linked_from_the_page(
    delivered: dict[str, Any], tmp_path: Path
) -> None:
    original = tmp_path / "original.png"
    Image.new("RGB", (600, 400), "navy").save(original)
    folder = tmp_path / "report"
    path = write_summary([delivered], folder, originals={delivered["file"]: original})
    page = Page(path.read_text())
    for source in page.values["src"]:
        with Image.open(folder / source) as shown:
            assert max(shown.size) == 220
    assert len(page.values["src"]) == 2
    assert "../out/a%20b%231.png" in page.values["href"]


def test_what_somebody_has_to_look_at_comes_first(delivered: dict[str, Any], tmp_path: Path) -> None:
    waits = {**failure_record("w", "AWAITING_REVIEW", "review", "Unsure."), "confidence": 0.4}
    unsure = {**waits, "file": "u", "confidence": 0.1}
    failed = failure_record("f", "FAILED", "x", "Broke.")
    text = write_summary([delivered, waits, unsure, failed], tmp_path / "report").read_text()
    places = [text.index(f'<th scope="row">{name}</th>') for name in ("f", "u", "w", "in/a b#1.png")]
    assert places == sorted(places)


def test_a_damaged_picture_or_none_at_all_is_no_reason_for_no_report(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    records = [failure_record(name, "QUARANTINED", "damaged", "Damaged.") for name in ("broken", "gone")]
    page = write_summary(records, tmp_path / "report", originals={"broken": broken, "gone": tmp_path / "gone.png"})
    assert "src" not in Page(page.read_text()).values
    assert "No picture" in Page(write_summary([], tmp_path / "none").read_text()).text
