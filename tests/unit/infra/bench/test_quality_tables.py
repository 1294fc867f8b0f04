"""A table says the median and the worst of what was measured, and hides no failure."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infra.bench.quality.measure import mask_figures
from infra.bench.quality.page import BEGIN, END, write_into
from infra.bench.quality.tables import tables
from schemas.errors import BadInput


def _row(method: str = "telea", kind: str = "thin", task: str = "hole", **facts: Any) -> dict[str, Any]:
    figures = {"psnr_hole": 20.0, "seam": 1.0, "megabytes": 10.0, "cpu_seconds": 1.0, "mask_mp": 0.5, "mp": 1.0}
    return {"id": f"{task}_{kind}", "task": task, "kind": kind, "method": method, **figures, **facts}


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    return [line for table in tables(rows) for line in table.splitlines() if line.startswith("|")]


def test_the_worst_of_decibels_is_the_lowest_and_of_ratios_the_farthest_from_one() -> None:
    rows = [_row(psnr_hole=value, seam=seam) for value, seam in ((30.0, 0.5), (10.0, 1.1), (20.0, 1.6))]
    (cells,) = _lines(rows)[2:]
    assert "| 20.0 (10.0) |" in cells
    assert "| 1.10 (0.50) |" in cells


def test_time_is_told_by_megapixel_of_mask() -> None:
    (cells,) = _lines([_row(cpu_seconds=3.0, mask_mp=0.5)])[2:]
    assert "| 6.0 |" in cells


def test_a_failure_is_counted_and_not_averaged_away() -> None:
    failed = {"id": "b", "task": "hole", "kind": "thin", "method": "telea", "error": "not done after 9 s"}
    (cells,) = _lines([_row(), failed])[2:]
    assert "| 1 of 2 |" in cells


def test_the_product_stands_last_in_its_kind() -> None:
    rows = [_row("cleanplate"), _row("telea+refine"), _row("telea"), _row("ns", kind="box")]
    names = [line.split("|")[2].strip() for line in _lines(rows)[2:]]
    assert names == ["ns", "telea", "telea+refine", "**cleanplate**"]


def test_what_was_given_and_what_was_found_are_told_apart() -> None:
    rows = [
        _row(task="wm", kind="tiled/mask", gain_db=5.0),
        _row(task="wm", kind="tiled/none", gain_db=3.0, mask_recall=0.9, mask_precision=0.7),
    ]
    titles = [table.splitlines()[0] for table in tables(rows)]
    assert titles == ["### Watermarks, mask given", "### Watermarks, nothing given"]


def test_untouched_photographs_are_told_as_their_share() -> None:
    rows = [_row(task="control", kind="clean", untouched=value) for value in (1.0, 1.0, 1.0, 0.0)]
    (cells,) = _lines(rows)[2:]
    assert "| 0.750 |" in cells


@pytest.mark.parametrize(
    ("found", "recall", "precision"),
    [(None, 0.0, None), ([1, 1, 0, 0], 0.5, 0.5), ([0, 1, 1, 0], 1.0, 1.0), ([0, 0, 0, 1], 0.0, 0.0)],
)
def test_recall_and_precision_count_pixels(found: list[int] | None, recall: float, precision: float | None) -> None:
    affected = np.array([[0, 1, 1, 0]], bool)
    mask = None if found is None else np.array([found], bool)
    assert mask_figures(mask, affected) == {"mask_recall": recall, "mask_precision": precision}


def test_figures_replace_those_of_a_page_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text(f"# Title\n{BEGIN}\nold\n{END}\nwords\n")
    write_into(page, "new\n")
    write_into(page, "newest\n")
    assert page.read_text() == f"# Title\n{BEGIN}\n\nnewest\n\n{END}\nwords\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{END}"])
def test_a_page_without_a_place_for_figures_is_left_alone(tmp_path: Path, text: str) -> None:
    page = tmp_path / "quality.md"
    page.write_text(text)
    with pytest.raises(BadInput, match="place for figures"):
        write_into(page, "new")
    assert page.read_text() == text
