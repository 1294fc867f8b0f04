"""Weights that are as good as zero are zero, every other byte of a net's file stays."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.nets.onnx_weights import VANISHING, without_vanishing_weights

FLOAT, INT64 = 1, 7


def integer(value: int) -> bytes:
    low = bytes([value & 127 | (128 if value > 127 else 0)])
    return low + (integer(value >> 7) if value > 127 else b"")


def field(number: int, content: bytes) -> bytes:
    return integer(number << 3 | 2) + integer(len(content)) + content


def net(values: np.ndarray, kind: int = FLOAT) -> bytes:
    """An ONNX file with one tensor, between a name before and a version after it."""
    dimension = integer(1 << 3) + integer(values.size)
    tensor = dimension + integer(2 << 3) + integer(kind) + field(8, b"weight") + field(9, values.tobytes())
    return field(2, b"maker") + field(7, field(2, b"graph") + field(5, tensor)) + integer(5 << 3) + integer(300)


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=40))
def test_only_vanishing_weights_change(tmp_path_factory: pytest.TempPathFactory, values: list[float]) -> None:
    path = tmp_path_factory.mktemp("net") / "net.onnx"
    before = np.array(values, "<f4")
    path.write_bytes(net(before))
    kept = np.where(np.abs(before) < np.float32(VANISHING), np.float32(0), before)
    assert without_vanishing_weights(path) == net(kept)


def test_other_kinds_of_numbers_stay(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(net(np.array([1, 2, 3], "<i8"), INT64))
    assert without_vanishing_weights(path) == path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no net at all", b"\x3a\xff\x01", b"\xff" * 9, b"\x0f"])
def test_what_is_no_net_is_left_to_the_runtime(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    assert without_vanishing_weights(path) == content
