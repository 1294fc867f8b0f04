"""``cleanplate verify`` tells a trail in words, and how the file stands by its exit code."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infra.cli import credentials
from infra.local import credentials as certificates
from infra.local import home
from tests.unit.handlers.credentials.conftest import Signed, certificate, signed
from tests.unit.handlers.pictures import COLOUR, encoded
from tests.unit.infra.cli.test_commands import run

__all__ = ["signed"]


@pytest.fixture(autouse=True)
def _nobody_is_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    path = tmp_path / "anchor.pem"
    path.write_text(certificate()[1])
    return path


def test_an_intact_file_tells_its_trail(signed: Signed, anchor: Path) -> None:
    code, output = run("verify", signed(generative=True), "--trust", anchor)
    assert code == 0
    told = (
        "Intact: this is what was signed",
        "signed by Cleanplate development certificate, trusted by nobody (Cleanplate development)",
        "c2pa.edited (compositeWithTrainedAlgorithmicMedia): One area removed and filled by the model inpaint-model",
        "[inpaint-model 1, 2026-11-30T03:00:00Z]",
        "areas: 10,20 30x40",
        'Made from "photo.jpg" (image/jpeg), which carried no credentials.',
    )
    assert [line for line in told if line not in output] == []


def test_a_changed_pixel_is_told(signed: Signed, anchor: Path) -> None:
    path = signed("image/png")
    changed = bytearray(path.read_bytes())
    changed[-30] ^= 1
    path.write_bytes(changed)
    code, output = run("verify", path, "--trust", anchor)
    assert (code, "The picture was changed after it was signed." in output) == (1, True)


def test_a_file_without_credentials_is_told_from_one_of_a_stranger(signed: Signed, tmp_path: Path) -> None:
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(encoded(COLOUR, "JPEG"))
    assert run("verify", plain)[0] == 2
    assert run("verify", signed())[0] == 3


def test_the_embedded_stack_is_trusted_without_being_named(signed: Signed, tmp_path: Path) -> None:
    state = tmp_path / "stack"
    state.mkdir()
    home.make_current(state)
    assert run("credentials", "anchor")[0] == 1, "there is none yet"
    certificates.anchor_path(state).write_text(certificate()[1])
    code, output = run("credentials", "anchor")
    assert (code, output.strip()) == (0, str(certificates.anchor_path(state)))
    assert run("verify", signed())[0] == 0


def test_the_same_is_printed_for_programs(signed: Signed, anchor: Path) -> None:
    code, output = run("verify", signed(), "--trust", anchor, "--json")
    document = json.loads(output)
    assert (code, document["standing"]) == (0, "intact")
    assert document["manifest"]["facts"]["recipe"] == "edit@1"


@pytest.mark.parametrize("content", [None, b"", b"no picture"])
def test_what_cannot_be_told_is_neither(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file.jpg"
    if content is not None:
        path.write_bytes(content)
    assert run("verify", path)[0] == 4


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve the files of the folder."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = tmp_path / self.path.strip("/")
            self.send_response(200 if path.is_file() else 404)
            self.end_headers()
            if path.is_file():
                self.wfile.write(path.read_bytes())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Files) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_is_fetched_within_bounds(
    signed: Signed, anchor: Path, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{served}/{signed().name}"
    assert run("verify", address, "--trust", anchor)[0] == 0
    assert run("verify", f"{served}/absent.jpg")[0] == 4
    assert run("verify", "file:///etc/passwd")[0] == 4
    monkeypatch.setattr(credentials, "_LARGEST", 1000)
    assert run("verify", address, "--trust", anchor)[0] == 4
