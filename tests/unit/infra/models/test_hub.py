"""A hub's repository is asked for by its commit, and its files are those that the hub described."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from infra.models.hub import HubAddress, endpoint, look_up, token_for
from infra.models.licences import forbids_business
from infra.models.offers import offers
from schemas.errors import PermanentFailure
from tests.unit.infra.models.shelf import Shelf
from tests.unit.infra.models.weight_files import NET, SHA

COMMIT = "5fd49b7b278836f48af63ecd314d0f98ab336105"
CONFIG = b'{"sample_size": 128}'


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def publish(shelf: Shelf, files: dict[str, bytes], **changes: Any) -> None:
    """Put ``who/what`` onto the shelf as the hub describes one: large files by SHA-256, small ones as git does."""
    siblings = []
    for path, content in files.items():
        each: dict[str, Any] = {"rfilename": path, "size": len(content), "blobId": git_sha1(content)}
        if path.endswith((".onnx", ".safetensors")):
            each["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
        siblings.append(each)
        shelf.files[f"/who/what/resolve/{COMMIT}/{path}"] = content
    answer = {"id": "who/what", "sha": COMMIT, "tags": ["onnx", "license:mit"], "siblings": siblings, **changes}
    for revision in ("main", "v1", COMMIT, "refs%2Fpr%2F1"):
        shelf.files[f"/api/models/who/what/revision/{revision}"] = json.dumps(answer).encode()


@pytest.fixture(autouse=True)
def mirror(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", shelf.address + "/")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hf://who/what", ("who/what", "main", "")),
        ("hf://who/what@v1", ("who/what", "v1", "")),
        ("hf://who/what@refs%2Fpr%2F1/unet/", ("who/what", "refs/pr/1", "unet")),
        (f"hf://Who/what.2-x@{COMMIT}/a b/net.onnx", ("Who/what.2-x", COMMIT, "a b/net.onnx")),
    ],
)
def test_an_address_is_read_and_written(text: str, parts: tuple[str, str, str]) -> None:
    address = HubAddress.parse(text)
    assert (address.repository, address.revision, address.path) == parts
    assert HubAddress.parse(address.text) == address


@pytest.mark.parametrize(
    "text", ["hf://what", "hf:///what", "hf://../what", "hf://who/what@", "hf://who/what?x=1", "hf://a b/c"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(PermanentFailure, match="hf://OWNER/REPO"):
        HubAddress.parse(text)


@pytest.mark.parametrize("revision", ["main", "v1", "refs%2Fpr%2F1"])
def test_a_revision_becomes_its_commit(shelf: Shelf, revision: str) -> None:
    publish(shelf, {"net.onnx": NET, "README.md": b"Hello"})
    (file,) = offers(f"hf://who/what@{revision}/net.onnx", None).files
    assert (file.name, file.sha256, file.size) == ("net.onnx", SHA, len(NET))
    assert file.source == f"hf://who/what@{COMMIT}/net.onnx"
    assert HubAddress.parse(file.source).download == f"{shelf.address}/who/what/resolve/{COMMIT}/net.onnx"


def test_the_publishers_licence_is_told(shelf: Shelf) -> None:
    publish(shelf, {"net.onnx": NET})
    assert offers("hf://who/what", None).licence == "mit"
    publish(
        shelf, {"net.onnx": NET}, tags=["license:other"], cardData={"license_name": "flux-1-dev-non-commercial-license"}
    )
    assert forbids_business(offers("hf://who/what", None).licence or "")
    assert not [name for name in ("apache-2.0", "openrail++", "bsd-3-clause", "mit", "ncsa") if forbids_business(name)]


def test_a_checksum_that_the_hub_contradicts_is_refused_before_anything_is_fetched(shelf: Shelf) -> None:
    publish(shelf, {"net.onnx": NET})
    with pytest.raises(PermanentFailure, match=SHA):
        offers("hf://who/what/net.onnx", "0" * 64)
    assert not [path for path, *_ in shelf.asked if "resolve" in path]


@pytest.mark.parametrize(
    "changes",
    [
        {"sha": "main"},
        {"sha": None},
        {"siblings": None},
        {"siblings": [{"rfilename": "../../etc/x.onnx", "size": 1}]},
        {"siblings": [{"rfilename": "/etc/x.onnx", "size": 1}]},
        {"siblings": [{"rfilename": "x.onnx"}]},
        {"siblings": [{"rfilename": "x.onnx", "size": 1, "lfs": {"sha256": "../x"}}]},
        {"siblings": ["x.onnx"]},
    ],
)
def test_an_answer_that_nobody_can_rely_on_is_refused(shelf: Shelf, changes: dict[str, Any]) -> None:
    publish(shelf, {"net.onnx": NET}, **changes)
    with pytest.raises(PermanentFailure, match="cannot be read"):
        look_up(HubAddress.parse("hf://who/what"))


def test_a_closed_repository_says_what_to_do(shelf: Shelf) -> None:
    shelf.statuses["/api/models/who/what/revision/main"] = 401
    with pytest.raises(PermanentFailure, match="HF_TOKEN"):
        look_up(HubAddress.parse("hf://who/what"))


def test_the_token_is_the_hubs_alone(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_TOKEN", "t0ken")
    assert token_for(f"{shelf.address}/who/what/resolve/main/net.onnx") == "t0ken"
    for other in ("https://huggingface.co/who/what", shelf.address.replace("127.0.0.1", "localhost")):
        assert token_for(other) is None
    publish(shelf, {"net.onnx": NET})
    look_up(HubAddress.parse("hf://who/what"))
    assert shelf.asked[-1][2] == "Bearer t0ken"


def test_a_mirror_is_asked_over_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.example.org")
    with pytest.raises(PermanentFailure):
        endpoint()
