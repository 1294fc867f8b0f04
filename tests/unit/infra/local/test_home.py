from pathlib import Path

import pytest

from infra.local import home
from schemas.errors import PermanentFailure


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))


def test_the_stack_made_current_is_found(tmp_path: Path) -> None:
    home.make_current(tmp_path / "a")
    home.make_current(tmp_path / "b")
    assert home.current_state_dir() == tmp_path / "b"


@pytest.mark.parametrize("content", [None, "", "{}", "[]", "not json"])
def test_without_a_current_stack_one_is_told_how_to_start_it(content: str | None) -> None:
    if content is not None:
        home.home().mkdir(parents=True)
        (home.home() / "current.json").write_text(content)
    with pytest.raises(PermanentFailure, match="cleanplate up"):
        home.current_state_dir()


def test_only_the_current_stack_can_be_forgotten(tmp_path: Path) -> None:
    home.make_current(tmp_path / "a")
    home.forget_current(tmp_path / "b")
    assert home.current_state_dir() == tmp_path / "a"
    home.forget_current(tmp_path / "a")
    home.forget_current(tmp_path / "a")
    with pytest.raises(PermanentFailure):
        home.current_state_dir()


def test_the_users_state_folder_is_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEANPLATE_HOME")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert home.default_state_dir() == tmp_path / "cleanplate" / "stack"
