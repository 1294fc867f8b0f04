"""``cleanplate marks``: what is refused before anything starts, and how a mark gets its name."""

from pathlib import Path

import pytest

from infra.cli.marks import bring
from infra.client import MarkView
from schemas.mark import ARTWORK
from tests.unit.infra.cli.test_commands import _no_stack, run
from tests.unit.infra.client.test_marks import MARK

__all__ = ["_no_stack"]


class Shelf:
    """A deployment's marks, as far as the commands need them."""

    def __init__(self, *marks: dict[str, object]) -> None:
        self.marks = self
        self.known = [MarkView.model_validate(mark) for mark in marks]
        self.sent: list[tuple[str, bytes]] = []

    def list(self):
        return self.known

    def show(self, name: str):
        return next(mark for mark in self.known if mark.name == name)

    def add(self, name: str, artwork: bytes):
        self.sent.append((name, artwork))
        return MarkView.model_validate(MARK | {"name": name})

    def remove(self, name: str):
        return self.show(name)

    def download(self, mark, path: Path) -> int:
        return path.write_bytes(mark.name.encode())


@pytest.fixture
def shelf(monkeypatch) -> Shelf:
    shelf = Shelf(MARK)
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: shelf)
    return shelf


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "Acme Logo (2024).png"
    path.write_bytes(b"png")
    return path


def test_a_mark_is_called_like_its_file_in_letters_that_names_have(shelf: Shelf, logo: Path):
    code, output = run("marks", "add", logo)
    assert (code, shelf.sent) == (0, [("acme-logo-2024", b"png")])
    assert "`acme-logo-2024`, 32 x 16 pixels" in output


def test_a_name_of_ones_own_wins(shelf: Shelf, logo: Path):
    assert run("marks", "add", logo, "--name", "acme")[0] == 0
    assert shelf.sent[0][0] == "acme"


def test_a_file_whose_name_makes_none_needs_one(logo: Path):
    odd = logo.rename(logo.with_name("日本.png"))
    code, output = run("marks", "add", odd)
    assert (code, "--name" in output) == (2, True)


def test_a_file_that_is_too_large_is_not_even_read(shelf: Shelf, logo: Path, monkeypatch):
    with logo.open("wb") as file:
        file.truncate(ARTWORK.max_bytes + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    code, output = run("marks", "add", logo)
    assert (code, shelf.sent) == (1, [])
    assert "4 MiB" in output


def test_marks_are_listed_and_shown_and_saved(shelf: Shelf, tmp_path: Path):
    code, output = run("marks", "list")
    assert (code, output.splitlines()[1].split("\t")[:2]) == (0, ["acme", "32 x 16"])
    code, output = run("marks", "show", "acme", "-o", tmp_path / "saved.png")
    assert (code, MARK["sha256"] in output) == (0, True)
    assert (tmp_path / "saved.png").read_bytes() == b"acme"


def test_a_removed_mark_is_named(shelf: Shelf):
    assert run("marks", "remove", "acme")[1].startswith("Removed `acme`")


def test_without_a_stack_nothing_is_listed():
    code, output = run("marks", "list")
    assert (code, "cleanplate up" in output) == (1, True)


def test_other_commands_register_what_they_made_in_the_same_way(shelf: Shelf):
    assert bring.register(shelf, "learnt", b"artwork").name == "learnt"
    assert shelf.sent == [("learnt", b"artwork")]
