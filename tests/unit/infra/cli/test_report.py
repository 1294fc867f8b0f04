"""``cleanplate report``: names are assets, keys or folders; the file says what is in it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.cli.report import named
from infra.client import ApiError
from schemas.http.assets import AssetShown
from tests.unit.infra.cli.test_commands import run
from tests.unit.infra.report.test_lives import life_of

KEYS = ["trip/a.jpg", "trip/b.jpg", "tripod.jpg"]


def _asset(key: str) -> AssetShown:
    asset = life_of(KEYS.index(key)).asset
    return asset.model_copy(update={"source": asset.source.model_copy(update={"key": key})})


def _at(key: str) -> str:
    if key in KEYS:
        return _asset(key).asset_id
    raise ApiError("Nothing is known under this key.", code="unknown_asset", status=404)


class _Lives:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def below(self, folder: str) -> list[AssetShown]:
        return [_asset(key) for key in KEYS if key.startswith(folder)]

    def ask_for_pictures(self, asset_id: str) -> int:
        self.asked.append(asset_id)
        return 0

    def with_pictures(self, asset_id: str) -> Any:
        return life_of(int(asset_id[2:], 16))

    of = with_pictures

    def picture(self, link: str) -> None:
        return None


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(asset_at=_at, lives=_Lives())
    monkeypatch.setattr("infra.cli.target.connect", lambda *_: made)
    return made


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("a-" + "0" * 24, [0]),
        ("tripod.jpg", [2]),
        ("trip", [0, 1]),
        ("trip/", [0, 1]),
        ("nowhere", []),
        ("tri", []),
    ],
)
def test_a_name_stands_for_what_it_names_and_a_folder_ends_at_its_slash(
    client: Any, name: str, numbers: list[int]
) -> None:
    assert list(named(client, name)) == [f"a-{number:024x}" for number in numbers]


def test_the_file_is_written_and_said_to_be(client: Any, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    code, said = run("report", "trip", "trip/a.jpg", "--out", out)
    assert (code, "2 assets, " in said) == (0, True), said
    assert len(client.lives.asked) == 2
    assert out.read_text().count("<article") == 2


def test_more_than_it_may_hold_is_said(client: Any, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert "1 of 3 assets" in run("report", *KEYS, "--out", out, "--most", 1, "--no-pictures")[1]
    assert client.lives.asked == []
    assert "2 more assets were left out." in out.read_text()


def test_of_nothing_no_file_is_written(client: Any, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    code, said = run("report", "nowhere", "--out", out)
    assert (code, out.exists(), "no asset at nowhere" in said) == (1, False, True)
