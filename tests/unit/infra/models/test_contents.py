"""A file gets into the store for what is in it, not for what it is called."""

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.nets.protobuf import fields
from infra.models.contents.check import ADMITTED, check_content
from infra.models.contents.parts import check_parts
from schemas.errors import PermanentFailure
from tests.unit.infra.models.weight_files import PARAM, field, onnx, safetensors

SENTENCEPIECE = field(1, b"\n\x03<s>") + field(2, b"")
TFLITE = b"\x10\0\0\0TFL3" + bytes(40)
RIGHT = {
    "net.onnx": onnx(field(5, field(1, 2) + field(9, bytes(8)))),
    "net.safetensors": safetensors({"a": [2, 3], "b": [], "c": [0, 4]}, __metadata__={"format": "pt"}),
    "net.tflite": TFLITE,
    "net.param": PARAM,
    "net.bin": bytes(16),
    "unet/config.json": b'{"sample_size": 128}',
    "vocab.txt": "na\u00efve\n".encode(),
    "chat_template.jinja": b"{{ messages }}",
    "spiece.model": SENTENCEPIECE,
}
EXTERNAL = field(13, field(1, b"location") + field(2, b"../../etc/passwd"))


def refused(folder: Path, name: str, content: bytes, beside: tuple[str, ...] = ("net.param",)) -> str:
    (folder / "part").write_bytes(content)
    with pytest.raises(PermanentFailure) as caught:
        check_content(folder / "part", name, beside)
    assert caught.value.code == "content"
    return caught.value.message


def torch_file(folder: Path) -> bytes:
    with zipfile.ZipFile(folder / "x.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": [1, 2]}))
    return (folder / "x.pt").read_bytes()


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_what_it_says_is_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / "part").write_bytes(RIGHT[name])
    check_content(tmp_path / "part", name, ("net.param", "net.bin"))


def test_each_format_has_an_example_here() -> None:
    assert {Path(name).suffix for name in RIGHT} == set(ADMITTED)


@pytest.mark.parametrize("name", RIGHT)
def test_a_pickle_is_refused_under_every_name(tmp_path: Path, name: str) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert "is a pickle" in refused(tmp_path, name, pickle.dumps({"weight": 1.5, "b": [1]}, protocol=protocol))
    assert "zip" in refused(tmp_path, name, torch_file(tmp_path))


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize(
    "content", [b"", b"<!DOCTYPE html><p>Please log in", b"version https://git-lfs.github.com/spec/v1\n"]
)
def test_what_is_downloaded_by_mistake_is_called_by_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    if content or not name.endswith((".txt", ".jinja")):  # which may be empty
        said = refused(tmp_path, name, content)
        assert ("web page" in said) == content.startswith(b"<")


@pytest.mark.parametrize(
    "name", ["net.pt", "net.pth", "net.ckpt", "net.pkl", "net.h5", "net.py", "net", "net.SAFETENSORS"]
)
def test_other_formats_stay_outside_whatever_they_hold(tmp_path: Path, name: str) -> None:
    assert "formats that are read" in refused(tmp_path, name, safetensors())


def test_a_bin_is_ncnns_only_beside_its_param(tmp_path: Path) -> None:
    assert "may be a pickle" in refused(tmp_path, "pytorch_model.bin", bytes(16), beside=("net.param",))


@pytest.mark.parametrize(
    "broken",
    [
        (1 << 40).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"{}",
        (4).to_bytes(8, "little") + b"[[]]",
        safetensors() + b"payload",
        safetensors()[:-1],
        safetensors({"a": [2]}, b={"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}),
        safetensors({"a": [2]}, b={"dtype": "OBJECT", "shape": [0], "data_offsets": [8, 8]}),
        safetensors({"a": [2]}, b={"dtype": "F32", "shape": [-1, -2], "data_offsets": [8, 16]}),
        safetensors({"a": [2]}, b={"dtype": "F32", "shape": [True], "data_offsets": [8, 8]}),
        safetensors({"a": [2]}, b="a tensor"),
        (200_000).to_bytes(8, "little") + b"{" * 200_000,
    ],
)
def test_safetensors_are_right_from_the_first_byte_to_the_last(tmp_path: Path, broken: bytes) -> None:
    assert "safetensors" in refused(tmp_path, "net.safetensors", broken) or "no tensors" in refused(
        tmp_path, "net.safetensors", broken
    )


def nested(depth: int) -> bytes:
    """A graph in the attribute of a node of a graph, and so on."""
    graph = b""
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return onnx(graph)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (onnx(field(5, EXTERNAL)), "another file"),
        (onnx(field(5, field(14, 1))), "another file"),
        (onnx(field(15, field(1, EXTERNAL))), "another file"),
        (onnx(field(1, field(5, field(5, EXTERNAL)))), "another file"),
        (onnx(field(1, field(5, field(6, field(5, EXTERNAL))))), "another file"),
        (onnx() + field(25, field(7, field(5, field(10, EXTERNAL)))), "another file"),
        (onnx() + field(20, field(1, field(5, EXTERNAL))), "another file"),
        (nested(100), "nested deeper"),
        (onnx() + field(7, b""), "no ONNX model"),
        (onnx() + field(99, b""), "no ONNX model"),
        (onnx()[:-1], "no ONNX model"),
        (onnx() + b"\xff" * 12, "no ONNX model"),
        (field(1, 8) + field(7, b""), "no ONNX model"),
    ],
)
def test_onnx_holds_all_its_weights_itself(tmp_path: Path, model: bytes, said: str) -> None:
    assert said in refused(tmp_path, "net.onnx", model)


@pytest.mark.parametrize(
    "settings",
    [
        {"auto_map": {"AutoModel": "evil.Model"}},
        {"a": [{"b": {"trust_remote_code": True}}]},
        {"_class_name": ["my_pipeline", "MyPipeline"]},
        {"_class_name": "StableDiffusionPipeline", "unet": ["os", "system"]},
        {"_class_name": "StableDiffusionPipeline", "unet": [["diffusers"], "UNet2DConditionModel"]},
    ],
)
def test_settings_that_would_run_code_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    refused(tmp_path, "model_index.json", json.dumps(settings).encode())


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'"\\ud800"' + b"\0"])
def test_broken_settings_are_refused(tmp_path: Path, content: bytes) -> None:
    refused(tmp_path, "config.json", content)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_of_messages_fail_in_another_way_or_read_outside(data: bytes) -> None:
    try:
        found = list(fields(data, 0, len(data)))
    except ValueError:
        return
    assert all(0 <= each.start <= each.end <= len(data) for each in found)
    assert (found[-1].end if found else 0) == len(data)


def test_a_file_in_parts_is_whole_or_refused(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.write_text(
        json.dumps({"weight_map": {"a": "m-00001-of-00002.safetensors", "b": "m-00002-of-00002.safetensors"}})
    )
    files = {"t/m.safetensors.index.json": index, "t/m-00001-of-00002.safetensors": index}
    with pytest.raises(PermanentFailure, match="t/m-00002-of-00002"):
        check_parts(files)
    check_parts({**files, "t/m-00002-of-00002.safetensors": index})
