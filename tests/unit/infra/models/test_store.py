"""Weights arrive whole and right, or not at all."""

import hashlib
import http.server
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from inference.registry import Registry
from inference.weights import weight_path
from infra.models.download import download
from infra.models.store import pull, remove
from infra.models.wheels import fetch_wheel
from schemas.errors import PermanentFailure, TransientFailure
from schemas.model_card import Weights

NET = bytes(range(256)) * 40
SHA = hashlib.sha256(NET).hexdigest()


def write_card(folder: Path, name: str, *weights: Weights) -> Registry:
    card: dict[str, Any] = {
        "name": name,
        "version": "1",
        "stage": "mask",
        "summary": "A model of this test.",
        "adapter": "inference.masking.supplied:SuppliedMask",
        "licence": "MIT",
        "commercial_use": True,
        "generative": False,
        "weights": [each.model_dump() for each in weights],
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(card))
    return Registry(folder, folder / "models")


def weights_at(source: str, file: str = "net.onnx", data: bytes = NET, sha256: str | None = None) -> Weights:
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return Weights(file=file, source=source, sha256=sha256, size_bytes=len(data), licence="MIT")


def test_a_pulled_file_lies_where_the_registry_looks(tmp_path: Path) -> None:
    (tmp_path / "a file.onnx").write_bytes(NET)
    weights = weights_at(f"file://{tmp_path}/a%20file.onnx")
    registry = write_card(tmp_path, "net", weights)
    seen: list[tuple[str, int, int]] = []
    paths = pull(["net"], lambda *progress: seen.append(progress), registry=registry, folder=tmp_path / "models")
    assert paths == [weight_path(tmp_path / "models", weights)]
    assert registry.load("net").card.name == "net"
    assert seen[-1] == ("net.onnx", len(NET), len(NET))
    remove(["net"], registry=registry, folder=tmp_path / "models")
    assert not paths[0].exists()


def test_another_checksum_is_refused_with_both_named_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx", sha256="0" * 64))
    with pytest.raises(PermanentFailure) as caught:
        pull(["net"], registry=registry, folder=tmp_path / "models")
    assert SHA in caught.value.message
    assert "0" * 64 in caught.value.message
    assert not [path for path in (tmp_path / "models").rglob("*") if path.is_file() and path.stat().st_size]


def test_what_is_there_is_not_fetched_again_and_what_is_broken_is(tmp_path: Path) -> None:
    source = tmp_path / "net.onnx"
    source.write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{source}"))
    (path,) = pull(["net"], registry=registry, folder=tmp_path / "models")
    path.write_bytes(b"bit rot")
    pull(["net"], registry=registry, folder=tmp_path / "models")
    assert path.read_bytes() == NET
    source.unlink()
    assert pull(["net"], registry=registry, folder=tmp_path / "models") == [path]


def test_many_pulls_at_once_leave_one_right_file(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pull(["net"], registry=registry, folder=tmp_path / "models"), range(8)))
    assert found[0][0].read_bytes() == NET


class Shelf(http.server.BaseHTTPRequestHandler):
    """Serves NET with ranges; stops half way while ``breaks`` is left."""

    breaks = 0
    etag = '"v1"'
    ranges: list[str] = []

    def do_GET(self) -> None:
        if self.path == "/gone":
            self.send_error(404)
            return
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/net")
            self.end_headers()
            return
        asked = self.headers.get("Range", "")
        type(self).ranges.append(asked)
        go_on = bool(asked) and self.headers.get("If-Range") == self.etag
        start = int(asked[6:-1]) if go_on else 0
        self.send_response(206 if go_on else 200)
        self.send_header("ETag", self.etag)
        self.send_header("Content-Length", str(len(NET) - start))
        self.end_headers()
        body = NET[start:]
        if self.breaks:
            type(self).breaks -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[str]:
    Shelf.breaks, Shelf.etag, Shelf.ranges = 0, '"v1"', []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def fetched(address: str, to: Path, size: int = len(NET)) -> bytes:
    download(address, to, size, lambda _: None)
    return to.read_bytes()


def test_a_broken_download_goes_on_where_it_stopped(shelf: str, tmp_path: Path) -> None:
    Shelf.breaks = 1
    with pytest.raises(TransientFailure):
        fetched(f"{shelf}/net", tmp_path / "part")
    assert fetched(f"{shelf}/net", tmp_path / "part") == NET
    assert Shelf.ranges == ["", f"bytes={len(NET) // 2}-"]


def test_a_download_of_a_file_that_changed_meanwhile_starts_again(shelf: str, tmp_path: Path) -> None:
    Shelf.breaks = 1
    with pytest.raises(TransientFailure):
        fetched(f"{shelf}/net", tmp_path / "part")
    Shelf.etag = '"v2"'
    assert fetched(f"{shelf}/net", tmp_path / "part") == NET


@pytest.mark.parametrize(("path", "size"), [("/gone", len(NET)), ("/elsewhere", len(NET)), ("/net", 100)])
def test_what_the_address_may_not_do(shelf: str, tmp_path: Path, path: str, size: int) -> None:
    with pytest.raises(PermanentFailure) as caught:
        fetched(shelf + path, tmp_path / "part", size)
    assert caught.value.code == "source"


@pytest.mark.parametrize("address", ["http://example.org/net", "ftp://localhost/net", "file:///etc/passwd"])
def test_only_https_leaves_this_machine(address: str, tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure):
        fetched(address, tmp_path / "part")


def local_wheel(folder: Path, monkeypatch: pytest.MonkeyPatch, tag: str = "py3-none-any") -> None:
    """A wheel that only this test's pip can see."""
    with zipfile.ZipFile(folder / f"modelpack-1.0-{tag}.whl", "w") as wheel:
        wheel.writestr("modelpack/net.onnx", NET)
        wheel.writestr("modelpack/more.bin", b"more")
        wheel.writestr("modelpack-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: modelpack\nVersion: 1.0\n")
        wheel.writestr("modelpack-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr("modelpack-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def test_files_are_taken_out_of_one_download_of_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local_wheel(tmp_path, monkeypatch)
    source = "pypi:modelpack==1.0!modelpack/"
    net, more = weights_at(f"{source}net.onnx"), weights_at(f"{source}more.bin", "more.bin", b"more")
    registry = write_card(tmp_path, "net", net, more)
    downloads: list[str] = []

    def counted(requirement: str, folder: Path) -> Path:
        downloads.append(requirement)
        return fetch_wheel(requirement, folder)

    monkeypatch.setattr("infra.models.sources.fetch_wheel", counted)
    paths = pull(["net"], registry=registry, folder=tmp_path / "models")
    assert [path.read_bytes() for path in paths] == [NET, b"more"]
    assert downloads == ["modelpack==1.0"]


def test_a_wheel_of_another_machine_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.models.wheels._ANY_MACHINE", (("--platform", "win_arm64"),))
    local_wheel(tmp_path, monkeypatch, "py3-none-win_arm64")
    registry = write_card(tmp_path, "net", weights_at("pypi:modelpack==1.0!modelpack/net.onnx"))
    assert pull(["net"], registry=registry, folder=tmp_path / "models")[0].read_bytes() == NET


@pytest.mark.parametrize(
    "source",
    [
        "pypi:modelpack==2.0!modelpack/net.onnx",
        "pypi:modelpack==1.0!modelpack/absent.onnx",
        "pypi:modelpack==1.0!modelpack/more.bin",
        "pypi:--index-url=http://evil/ x==1!net.onnx",
        "pypi:modelpack!net.onnx",
    ],
)
def test_a_wheel_without_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    local_wheel(tmp_path, monkeypatch)
    registry = write_card(tmp_path, "net", weights_at(source))
    with pytest.raises(PermanentFailure) as caught:
        pull(["net"], registry=registry, folder=tmp_path / "models")
    assert caught.value.code == "source"


@mock_aws
def test_weights_come_from_s3_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="models")
    client.put_object(Bucket="models", Key="net.onnx", Body=NET)
    registry = write_card(tmp_path, "net", weights_at("s3://models/net.onnx"))
    assert pull(["net"], registry=registry, folder=tmp_path / "models")[0].read_bytes() == NET
    absent = write_card(tmp_path, "absent", weights_at("s3://models/absent.onnx", sha256="1" * 64))
    with pytest.raises(PermanentFailure):
        pull(["absent"], registry=absent, folder=tmp_path / "models")
