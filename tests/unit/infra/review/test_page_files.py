"""The review page's files: nothing that its content security policy forbids, nothing from elsewhere, small modules."""

import hashlib
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "infra" / "review"
OURS = sorted(PAGE.glob("*.js"))
LINES = 200


def test_the_page_has_no_inline_script_and_no_inline_style() -> None:
    text = (PAGE / "index.html").read_text()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_module_is_short_and_builds_no_markup_out_of_text(path: Path) -> None:
    text = path.read_text()
    assert sum(1 for line in text.splitlines() if line.strip()) <= LINES
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|setAttribute\(\"style", text) == []
    )


@pytest.mark.parametrize("path", [PAGE / "index.html", *OURS, *PAGE.glob("css/*.css")], ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    """Relative addresses only: the page lies under an address that it does not know."""
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|(?:src|href)=\"/|\burl\(|from \"(?!\./)", text) == []


def test_whatever_is_imported_is_there() -> None:
    for path in OURS:
        for name in re.findall(r"from \"(\./[^\"]+)\"", path.read_text()):
            assert (PAGE / name).is_file(), f"{path.name} imports {name}"


def test_vendored_files_are_what_their_list_says() -> None:
    listed = (PAGE / "vendor" / "README.md").read_text()
    for path in (PAGE / "vendor").glob("*.js"):
        assert path.name in listed
        assert hashlib.sha256(path.read_bytes()).hexdigest() in listed
