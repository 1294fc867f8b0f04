"""Measuring goes on where it stopped, counts memory, and survives what a method does to its process."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infra.bench.quality.kit import Kit, Task
from infra.bench.quality.measure import Job, run
from infra.bench.quality.rows import Rows
from infra.bench.quality.sheet import TILE, sheet
from schemas.errors import BadInput

MARKS = ("registered", "folder", "folder-jpeg")  # every other photograph is stamped as a JPEG: here is one
MAKE = """
import argparse, json, os
import numpy as np
from PIL import Image
root = vars(argparse.ArgumentParser().parse_known_args()[0])
os.makedirs("tasks/open")
photo = "photos/open/a.png"
task = dict(id="hole_box", task="hole", kind="box", input=photo, mask="mask.png", gt=photo, affected=None)
open("tasks/open/tasks.jsonl", "w").write(json.dumps(task) + "\\n" + json.dumps({**task, "task": "control"}) + "\\n")
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Make a kit of one photograph, in the shape of the real one."""
    folder = tmp_path / "source"
    (folder / "photos" / "open").mkdir(parents=True)
    pixels = np.random.default_rng(0).integers(0, 256, (300, 320, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "photos" / "open" / "a.png")
    mask = Image.new("L", (320, 300))
    mask.paste(255, (200, 100, 240, 140))
    mask.save(folder / "mask.png")
    (folder / "make_tasks.py").write_text(MAKE)
    return folder


def _job(kit: Kit, method: str) -> Job:
    return Job(kit.root, kit.tasks[0], method, None)


def test_a_kit_is_copied_and_draws_its_tasks_beside_the_copy(source: Path, tmp_path: Path) -> None:
    kit = Kit.copied(source, tmp_path / "copy")
    kinds = [task.kind for task in kit.tasks]
    assert [kinds[0], kinds[-1]] == ["box", "clean"]  # its damaged masks are left out
    assert set(kinds[1:-1]) == {f"{mark}/{mode}" for mark in MARKS for mode in ("mask", "none")}
    assert not (source / "tasks").exists()


def test_a_folder_that_is_no_kit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no kit"):
        Kit.copied(tmp_path, tmp_path / "copy")


def test_only_what_is_missing_is_measured_again(source: Path, tmp_path: Path) -> None:
    kit = Kit.copied(source, tmp_path / "copy")
    jobs = [_job(kit, "telea"), _job(kit, "cleanplate")]
    rows = Rows(tmp_path / "rows.jsonl")
    rows.add({"id": "hole_box", "method": "telea", "seconds": 1.0})
    rows.add({"id": "hole_box", "method": "telea", "seconds": 2.0})
    again = Rows(tmp_path / "rows.jsonl")
    assert again.missing(jobs, []) == jobs[1:]
    assert again.missing(jobs, ["telea"]) == jobs
    assert [row["seconds"] for row in again.of(jobs)] == [2.0]


@pytest.mark.parametrize(
    ("score", "said"),
    [
        ("INP = dict(telea=lambda rgb, mask: 1 / 0)", "ZeroDivisionError"),
        ("import os; os._exit(3)", "its process died"),
    ],
)
def test_a_method_that_fails_is_a_row_and_not_the_end(source: Path, tmp_path: Path, score: str, said: str) -> None:
    kit = Kit.copied(source, tmp_path / "copy")
    (kit.root / "score.py").write_text(score)
    (row,) = run([_job(kit, "telea")], workers=1, timeout=60)
    assert said in row["error"]


def test_a_method_that_takes_too_long_is_given_up(source: Path, tmp_path: Path) -> None:
    kit = Kit.copied(source, tmp_path / "copy")
    (row,) = run([_job(kit, "telea")], workers=1, timeout=0.001)
    assert row["error"] == "not done after 0 s"


def test_memory_is_that_of_the_block_alone() -> None:
    """In a process of its own, as in the bench: one that has freed much before takes new blocks out of that."""
    program = """
import numpy as np
from infra.bench.quality.memory import PeakMemory
kept = np.ones(20 << 20, np.uint8)
with PeakMemory() as peak:
    for _ in range(3):
        np.ones(40 << 20, np.uint8)
print(peak.megabytes, kept.sum())
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert 35 <= float(said.split()[0]) < 60


def test_a_sheet_has_a_row_a_task_and_shows_the_edit(source: Path, tmp_path: Path) -> None:
    kit = Kit.copied(source, tmp_path / "copy")
    task: Task = kit.tasks[0]
    drawn = sheet(kit, [task], ["telea"], tmp_path)
    assert drawn.width == 3 * TILE
    given = np.asarray(drawn)[-TILE:, :TILE]
    truth = kit.rgb(task.truth)
    assert any(np.array_equal(given, truth[y : y + TILE, x : x + TILE]) for y in range(45) for x in range(65))
