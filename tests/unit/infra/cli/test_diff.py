"""``cleanplate diff`` prints what is otherwise, and writes a page with the pictures; its exit code says which it is."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from tests.unit.infra.cli.test_commands import run
from tests.unit.infra.report.test_diff import two_runs

LINKS = {"original": "https://a/photo.png?signed", "refine.image": "https://a/image.png?signed"}


@pytest.fixture
def downloaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A deployment with two runs, the second with another seed; what is downloaded from it."""
    asked: list[str] = []
    known = {each.run_id: each.model_copy(update={"links": LINKS}) for each in two_runs()}

    def download(url: str, path: Path, **_: Any) -> None:
        asked.append(url)
        Image.new("RGB", (30, 20), (len(asked), 0, 0)).save(path)

    client = SimpleNamespace(replays=SimpleNamespace(stages=known.__getitem__), download=download)
    monkeypatch.setattr("infra.cli.target.connect", lambda *_args, **_more: client)
    return asked


def test_what_is_otherwise_is_printed_and_no_picture_is_fetched_for_it(downloaded: list[str]) -> None:
    one, other = (each.run_id for each in two_runs())
    code, output = run("diff", one, other)
    assert (code, downloaded) == (1, [])
    assert "inpaint\tparameters.seed\t7\t8" in output
    assert "The same in both: run, refine." in output


def test_a_run_is_not_otherwise_than_itself(downloaded: list[str]) -> None:
    one = two_runs()[0].run_id
    code, output = run("diff", one, one)
    assert (code, "The same in both: run, inpaint, refine." in output) == (0, True)


def test_the_page_has_the_pictures_of_both(downloaded: list[str], tmp_path: Path) -> None:
    one, other = (each.run_id for each in two_runs())
    code, output = run("diff", one, other, "--html", tmp_path / "new" / "diff.html", "--all")
    assert (code, "diff.html" in output, sorted(downloaded)) == (1, True, sorted([*LINKS.values()] * 2))
    html = (tmp_path / "new" / "diff.html").read_text()
    assert "Repaired, at native size" in html
    assert "600 pixels differ (100.00%), by 1 of 255 at most." in html
    assert "signed" not in html
