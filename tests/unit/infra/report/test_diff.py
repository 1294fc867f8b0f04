"""Two runs side by side: only what is otherwise is shown, pictures are compared pixel by pixel, nothing is believed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from infra.report.diff import write_diff
from infra.report.difference import picture_pair
from infra.report.facts import Row, Section, sections
from schemas.http.replays import RunStages
from tests import documents
from tests.unit.infra.report.conftest import SHA, stage

MODEL = {"name": "by-hole", "version": "3", "licence": "MIT", "commercial_use": True, "libraries": {"numpy": "2.4"}}
FOLDER = {"bucket": "work", "key": "stages/refine/image.png"}


def _run(number: int = 1, /, **filled: Any) -> RunStages:
    """A run that filled and finished one picture; ``filled`` replaces facts of the fill."""
    fill = {"model": MODEL, "parameters": {"seed": 7}, "outputs": {"edits": {**FOLDER, "sha256": SHA}}, **filled}
    return RunStages.model_validate(
        {
            "run_id": documents.run(attempt=number).run_id,
            "asset_id": documents.run().asset_id,
            "key": "trip/photo.png",
            "recipe": "remove-object@3",
            "recipe_sha256": SHA,
            "attempt": 1,
            "outcome": {"status": "DELIVERED", "reason": "Good.", "code": "delivered", "confidence": 0.83},
            "stages": [stage("inpaint", 1, 2, **fill), stage("refine", 2, number + 2, outputs={"image": FOLDER})],
            "links": {},
        }
    )


def two_runs() -> tuple[RunStages, RunStages]:
    """Two runs that differ in the seed of the fill alone."""
    return _run(1), _run(2, parameters={"seed": 8})


def _saved(path: Path, pixels: np.ndarray) -> Path:
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def test_runs_that_made_the_same_have_nothing_to_show(tmp_path: Path) -> None:
    found = sections(_run(1), _run(2))
    assert [(section.name, section.rows, section.same) for section in found] == [
        ("run", [], True),
        ("inpaint", [], True),
        ("refine", [], True),
    ]


def test_only_what_is_otherwise_is_shown_unless_all_is_asked_for() -> None:
    one, other = _run(1), _run(2, model={**MODEL, "version": "4"}, parameters={"seed": 8})
    rows = [row for section in sections(one, other) for row in section.rows]
    assert rows == [Row("model.version", "3", "4"), Row("parameters.seed", "7", "8")]
    everything = {section.name: section for section in sections(one, other, everything=True)}
    assert Row("libraries.numpy", "2.4", "2.4") in everything["inpaint"].rows
    assert Row("seconds", "1.00", "2.00") in everything["refine"].rows
    assert (everything["inpaint"].same, everything["refine"].same, everything["run"].same) == (False, True, True)


def test_a_stage_that_only_one_run_has_is_said() -> None:
    one, other = _run(1), _run(2)
    short = other.model_copy(update={"stages": other.stages[:1]})
    assert sections(one, short)[-1] == Section("refine", [], "Only the first run has it.")
    assert sections(short, one)[-1] == Section("refine", [], "Only the second run has it.")


@pytest.mark.parametrize("size", [(40, 60), (1500, 900)])
def test_a_single_pixel_is_counted_and_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 90)
    one = _saved(tmp_path / "one.png", pixels)
    pixels[size[0] // 2, size[1] // 3, 1] = 130
    pair = picture_pair("refine.image", one, _saved(tmp_path / "other.png", pixels))
    assert pair.words.startswith("1 pixel differs")
    assert pair.words.endswith("by 40 of 255 at most.")
    assert pair.heat is not None
    assert pair.heat.startswith("data:image/jpeg;base64,")


def test_equal_pictures_and_those_of_other_sizes_have_no_map(tmp_path: Path) -> None:
    one = _saved(tmp_path / "one.png", np.full((40, 60, 3), 90))
    small = _saved(tmp_path / "small.png", np.full((20, 30, 3), 90))
    assert picture_pair("a", one, one)[3:] == (None, "Every pixel is the same.", True)
    assert picture_pair("a", one, small)[3:5] == (None, "60 x 40 and 30 x 20 pixels are not compared.")
    assert picture_pair("a", one, None)[2:5] == (None, None, "Only one of the runs made it.")


def test_the_page_is_one_file_that_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    evil = '<script>alert("1")</script>'
    one = _run(1).model_copy(update={"key": evil})
    other = _run(2, parameters={"seed": 7, "prompt": evil})
    pixels = np.full((40, 60, 3), 90)
    pair = picture_pair("refine.image", _saved(tmp_path / "a.png", pixels), _saved(tmp_path / "b.png", pixels + 9))
    write_diff(one, other, sections(one, other), [pair], tmp_path / "diff.html")
    html = (tmp_path / "diff.html").read_text()
    assert evil not in html
    assert "&lt;script&gt;" in html
    assert "http://" not in html
    assert "https://" not in html
    assert html.count("<img ") == html.count('src="data:image/jpeg;base64,') == 3
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
