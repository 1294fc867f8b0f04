"""Downloading: whole or not at all, from public hosts only, however often one is sent on."""

import hashlib
import socket
from pathlib import Path

import pytest

from handlers.outbound import Downloaded, download
from schemas.errors import BadInput, CleanplateError, TransientFailure
from tests.unit.handlers.outbound.conftest import PRIVATE, PUBLIC, Names
from tests.unit.handlers.outbound.servers import Answer, drips, listening, says, sends

PICTURE = bytes(range(256)) * 1000
LARGEST = len(PICTURE)

pytestmark = pytest.mark.usefixtures("plain_http")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture"


def got(names: Names, path: Path, answer: Answer, **options: float) -> Downloaded:
    names.lead("cms.example", [PUBLIC])
    with listening(answer) as server:
        return download(f"http://cms.example:{server.port}/a.png", path, max_bytes=LARGEST, **options)


def failed(kind: type[CleanplateError], names: Names, path: Path, answer: Answer, **options: float) -> str:
    with pytest.raises(kind) as failure:
        got(names, path, answer, **options)
    assert not path.exists()
    return failure.value.code


def in_turn(*answers: Answer) -> Answer:
    """Answer each request in its own way."""
    order = iter(answers)

    def answer(connected: socket.socket) -> None:
        next(order)(connected)

    return answer


def test_a_file_comes_whole_and_is_known_by_its_hash(names: Names, path: Path) -> None:
    found = got(names, path, says(200, PICTURE, Content_Type="image/png; charset=binary"))
    assert found == (LARGEST, hashlib.sha256(PICTURE).hexdigest(), "image/png")
    assert path.read_bytes() == PICTURE


def test_what_has_no_type_is_given_none(names: Names, path: Path) -> None:
    assert got(names, path, says(200, b"x")).content_type == ""


def test_a_file_without_a_length_is_taken_as_it_comes(names: Names, path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert got(names, path, sends(chunked)).size_bytes == 5
    assert got(names, path, sends(b"HTTP/1.1 200 OK\r\n\r\nabc")).size_bytes == 3


def test_a_file_that_says_it_is_too_large_is_not_begun(names: Names, path: Path) -> None:
    answer = drips(f"HTTP/1.1 200 OK\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode(), b"x")
    assert failed(BadInput, names, path, answer) == "too_many_bytes"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nfffff\r\n",
    ],
    ids=["no length", "nonsense", "a length beside chunks"],
)
def test_a_file_that_grows_too_large_is_given_up_whatever_it_said(names: Names, path: Path, head: bytes) -> None:
    def floods(connected: socket.socket) -> None:
        connected.sendall(head)
        while True:  # until the client hangs up
            connected.sendall(b"x" * 65536)

    assert failed(BadInput, names, path, floods) == "too_many_bytes"


def test_an_announced_length_is_all_that_is_read(names: Names, path: Path) -> None:
    assert got(names, path, sends(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")).size_bytes == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nabc",
    ],
)
def test_half_a_file_is_no_file(names: Names, path: Path, answer: bytes) -> None:
    assert failed(TransientFailure, names, path, sends(answer)) == "unreachable"


def test_a_file_that_drips_in_is_given_up_at_the_deadline(names: Names, path: Path) -> None:
    answer = drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
    assert failed(TransientFailure, names, path, answer, timeout=0.3) == "timed_out"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_host_is_worth_another_try(names: Names, path: Path, status: int) -> None:
    assert failed(TransientFailure, names, path, says(status)) == "source_busy"


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 410])
def test_a_host_that_has_nothing_for_us_is_not_asked_again(names: Names, path: Path, status: int) -> None:
    assert failed(BadInput, names, path, says(status)) == "source_refused"


def test_redirects_are_followed_relative_ones_too(names: Names, path: Path) -> None:
    answer = in_turn(
        says(301, Location="/b.png?x=1"),
        says(307, Location="c d.png"),
        says(308, Location="/größe.png"),
        says(200, PICTURE),
    )
    names.lead("cms.example", [PUBLIC])
    with listening(answer) as server:
        download(f"http://cms.example:{server.port}/a.png", path, max_bytes=LARGEST)
    assert server.paths == ["/a.png", "/b.png?x=1", "/c%20d.png", "/gr%C3%B6%C3%9Fe.png"]
    assert path.read_bytes() == PICTURE


def test_the_fourth_redirect_is_one_too_many(names: Names, path: Path) -> None:
    assert failed(BadInput, names, path, says(302, Location="/again")) == "too_many_redirects"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.2:{port}/latest/meta-data/", "private_address"),
        ("//127.0.0.2:{port}/", "private_address"),
        ("http://inside.example:{port}/", "private_address"),
        ("http://[::ffff:127.0.0.2]:{port}/", "private_address"),
        ("http://2130706434:{port}/", "bad_url"),
        ("http://me:secret@cms.example:{port}/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.2:{port}/", "bad_url"),
        ("", "source_refused"),
    ],
)
def test_a_redirect_leads_nowhere_that_could_not_be_asked_at_once(
    names: Names, path: Path, location: str, code: str
) -> None:
    names.lead("inside.example", [PRIVATE])
    with listening(says(200, b"secret"), host=PRIVATE) as inside:
        assert failed(BadInput, names, path, says(302, Location=location.format(port=inside.port))) == code
    assert inside.requests == []


def test_a_redirect_never_leaves_tls(names: Names, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([("https", "http"), ("https",)])
    monkeypatch.setattr("handlers.outbound.urls._schemes", lambda: next(answers))
    assert failed(BadInput, names, path, says(302, Location="http://cms.example/")) == "bad_url"


def test_headers_of_the_caller_stay_with_the_host_that_they_are_for(names: Names, path: Path) -> None:
    names.lead("cms.example", [PUBLIC])
    names.lead("cdn.example", [PUBLIC])
    with listening(says(200, PICTURE)) as cdn:
        away = says(302, Location=f"http://cdn.example:{cdn.port}/")
        with listening(in_turn(says(302, Location="/next"), away)) as cms:
            secret = {"Authorization": "Bearer secret"}
            download(f"http://cms.example:{cms.port}/", path, max_bytes=LARGEST, headers=secret)
    assert [b"secret" in request for request in (*cms.requests, *cdn.requests)] == [True, True, False]
