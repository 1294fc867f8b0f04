import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cli.journal import Journal
from infra.cli.plan import Picture
from infra.report.record import failure_record
from schemas.errors import BadInput

DELIVERED = failure_record("a.png", "DELIVERED", "delivered", "Good.")


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    path = tmp_path / "a\udcff.png"  # a name that is no UTF-8
    path.write_bytes(b"1")
    return Picture(path, "edit-1/a.png", None, "a")


@pytest.fixture
def journal(tmp_path: Path, picture: Picture) -> Journal:
    return Journal.begin(tmp_path / "out" / "j", [picture], {"scale": 2}, "here")


def again(journal: Journal) -> Journal:
    assert journal.path
    return Journal.read(journal.path)


def test_a_journal_tells_what_the_last_call_knew(journal: Journal, picture: Picture) -> None:
    assert (again(journal).key_of(picture), again(journal).asset_of(picture)) == (None, None)
    journal.sending(picture, "remove-watermark/edit-1/a.png")
    assert again(journal).key_of(picture) == "remove-watermark/edit-1/a.png"
    journal.sent(picture, "a-1")
    assert (again(journal).key_of(picture), again(journal).asset_of(picture)) == (None, "a-1")
    assert again(journal).unfinished == 1
    journal.ended(picture, DELIVERED)
    read = again(journal)
    assert (read.record_of(picture), read.unfinished) == (DELIVERED, 0)
    assert (read.pictures, read.job, read.deployment) == ((picture,), {"scale": 2}, "here")


@given(cut=st.integers(min_value=0))
def test_a_crash_in_the_middle_of_a_line_loses_that_line_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("j")
    (folder / "a.png").touch()
    picture = Picture(folder / "a.png", "edit-1/a.png", None, "a")
    journal = Journal.begin(folder / "j", [picture], {}, "here")
    begun = (folder / "j").stat().st_size
    journal.sending(picture, "key")
    journal.sent(picture, "a-1")
    whole = (folder / "j").read_bytes()
    kept = whole[: begun + cut % (len(whole) - begun + 1)]
    (folder / "j").write_bytes(kept)
    read = Journal.read(folder / "j")
    assert read.asset_of(picture) == ("a-1" if kept.endswith(b"}\n") and kept == whole else None)
    read.sending(picture, "another")
    assert Journal.read(folder / "j").key_of(picture) == "another"


def test_a_file_that_changed_is_another_picture(journal: Journal, picture: Picture) -> None:
    journal.sending(picture, "key")
    journal.sent(picture, "a-1")
    picture.file.write_bytes(b"other")
    assert again(journal).asset_of(picture) is None


def test_a_mask_that_came_makes_another_order(journal: Journal, picture: Picture, tmp_path: Path) -> None:
    journal.sending(picture, "key")
    journal.sent(picture, "a-1")
    mask = tmp_path / "m.png"
    mask.touch()
    assert again(journal).asset_of(replace(picture, mask=mask)) is None


def test_what_became_of_a_file_that_is_gone_still_holds(journal: Journal, picture: Picture) -> None:
    journal.sending(picture, "key")
    journal.sent(picture, "a-1")
    journal.ended(picture, DELIVERED)
    picture.file.unlink()
    assert again(journal).record_of(picture) == DELIVERED


def test_a_refusal_before_anything_was_sent_is_an_end(journal: Journal, picture: Picture) -> None:
    journal.ended(picture, failure_record("a.png", "REJECTED", "empty", "The file is empty."))
    assert again(journal).unfinished == 0


@pytest.mark.parametrize("text", ["", "\n", "nonsense\n", "{}\n", "[]\n", json.dumps({"format": 99}) + "\n"])
def test_what_is_no_journal_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "j").write_text(text)
    with pytest.raises(BadInput, match="is no journal"):
        Journal.read(tmp_path / "j")


def test_without_a_folder_nothing_is_written(picture: Picture) -> None:
    journal = Journal(pictures=[picture])
    journal.sending(picture, "key")
    journal.sent(picture, "a-1")
    assert journal.asset_of(picture) == "a-1"
