"""A download ends with the whole file or says why not, and tells nobody what it must not."""

import io
from http.client import HTTPMessage
from pathlib import Path
from urllib.request import Request

import pytest

from infra.models.download import download
from infra.models.https import _SafeRedirects
from schemas.errors import CleanplateError, PermanentFailure, TransientFailure
from tests.unit.infra.models.shelf import Shelf, serving
from tests.unit.infra.models.weight_files import NET

HALF = f"bytes={len(NET) // 2}-"


def fetched(address: str, to: Path, size: int | None = len(NET), token: str | None = None) -> bytes:
    download(address, to, size, lambda *_: None, token=token)
    assert [path.name for path in to.parent.iterdir()] == [to.name]
    return to.read_bytes()


@pytest.mark.parametrize("size", [len(NET), None])
def test_a_line_that_breaks_costs_no_byte_twice(shelf: Shelf, tmp_path: Path, size: int | None) -> None:
    shelf.breaks = 2
    assert fetched(f"{shelf.address}/net", tmp_path / "part", size) == NET
    assert shelf.ranges[:2] == ["", HALF]
    assert len(shelf.ranges) == 3


def test_what_came_before_the_program_was_stopped_is_not_fetched_again(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(NET[: len(NET) // 2])
    (tmp_path / "part.version").write_text(shelf.etag)
    assert fetched(f"{shelf.address}/net", tmp_path / "part") == NET
    assert shelf.ranges == [HALF]


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(b"x" * 100)
    (tmp_path / "part.version").write_text('"v0"')
    assert fetched(f"{shelf.address}/net", tmp_path / "part") == NET


def test_another_part_than_was_asked_for_is_not_glued_on(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(NET[: len(NET) // 2])
    (tmp_path / "part.version").write_text(shelf.etag)
    shelf.stale_ranges = True
    assert fetched(f"{shelf.address}/net", tmp_path / "part") == NET


def test_more_than_there_is_makes_it_begin_again(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "part").write_bytes(NET + b"x")
    (tmp_path / "part.version").write_text(shelf.etag)
    assert fetched(f"{shelf.address}/net", tmp_path / "part", None) == NET


def test_a_server_that_stays_away_is_given_up_on_and_what_came_stays(shelf: Shelf, tmp_path: Path) -> None:
    shelf.statuses["/net"] = 503
    (tmp_path / "part").write_bytes(NET[:100])
    (tmp_path / "part.version").write_text(shelf.etag)
    with pytest.raises(TransientFailure, match="503"):
        fetched(f"{shelf.address}/net", tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == NET[:100]
    assert 2 <= len(shelf.asked) <= 6


@pytest.mark.parametrize("size", [100, len(NET) + 1])
@pytest.mark.parametrize("unsized", [False, True])
def test_another_size_than_the_card_says_is_refused(shelf: Shelf, tmp_path: Path, size: int, unsized: bool) -> None:
    shelf.unsized = unsized
    with pytest.raises(CleanplateError) as caught:
        fetched(f"{shelf.address}/net", tmp_path / "part", size)
    assert caught.value.code == ("download" if unsized and size > len(NET) else "source")
    assert not (tmp_path / "part").exists() or len((tmp_path / "part").read_bytes()) <= len(NET)


def test_a_disk_without_room_is_said_before_it_is_full(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.models.room.free_bytes", lambda _: 10)
    with pytest.raises(PermanentFailure, match="room for"):
        fetched(f"{shelf.address}/net", tmp_path / "part", None)


def test_a_disk_that_fills_meanwhile_is_no_bad_connection(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "part").symlink_to("/dev/full")
    with pytest.raises(PermanentFailure) as caught:
        fetched(f"{shelf.address}/net", tmp_path / "part")
    assert caught.value.code == "disk_full"
    assert len(shelf.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/net",
        "ftp://localhost/net",
        "file:///etc/passwd",
        "https://",
        "https://name:word@example.org/net",
        "http://localhost.example.org/net",
        "http://[::1/net",
    ],
)
def test_only_https_without_a_password_leaves_this_machine(address: str, tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure) as caught:
        fetched(address, tmp_path / "part")
    assert "word" not in caught.value.message.replace("password", "")


def test_a_redirect_to_a_forbidden_address_is_not_followed_nor_is_its_signature_told(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.redirects["/net"] = "http://192.0.2.1/net?signature=secret"
    with pytest.raises(PermanentFailure) as caught:
        fetched(f"{shelf.address}/net", tmp_path / "part")
    assert "192.0.2.1" in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("address", ["http://127.0.0.1:80/net", "https://localhost/net"])
def test_no_other_host_sends_us_to_this_machine(address: str) -> None:
    asked = Request("https://example.org/net")
    with pytest.raises(PermanentFailure, match="this machine"):
        _SafeRedirects().redirect_request(asked, io.BytesIO(), 302, "Found", HTTPMessage(), address)


def test_a_token_goes_to_its_own_host_and_to_no_other(shelf: Shelf, tmp_path: Path) -> None:
    with serving(Shelf()) as cdn:
        shelf.redirects = {"/old": "/new", "/new": f"{cdn.address}/net"}
        assert fetched(f"{shelf.address}/old", tmp_path / "part", token="t0ken") == NET
        assert [(path, authorization) for path, _, authorization in shelf.asked] == [
            ("/old", "Bearer t0ken"),
            ("/new", "Bearer t0ken"),
        ]
        assert cdn.asked == [("/net", "", "")]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_is_not_there_or_not_ours_is_said_at_once(shelf: Shelf, tmp_path: Path, status: int) -> None:
    shelf.statuses["/net"] = status
    with pytest.raises(PermanentFailure, match=f"/net answered {status}"):
        fetched(f"{shelf.address}/net?token=secret", tmp_path / "part")
    assert len(shelf.asked) == 1
