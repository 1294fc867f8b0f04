"""Whether a file is ncnn's or tflite's."""

from pathlib import Path

from infra.models.contents.beginnings import mistaken_for
from infra.models.contents.refusal import Refusal

_NCNN_MAGIC = "7767517"
"""First line of every text ``.param``. Source: ncnn, ``src/net.cpp``."""
_LARGEST_PARAM = 16 << 20
_TFLITE = b"TFL3"
"""File identifier of the flatbuffer, at byte 4. Source: tensorflow, ``schema.fbs``."""


def check_ncnn_param(path: Path) -> None:
    """Refuse what is no ncnn net: the magic number, how many layers and blobs, then that many layers.

    Raises
    ------
    Refusal
    """
    if path.stat().st_size > _LARGEST_PARAM:
        raise Refusal("is too large for a net of ncnn")
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        layers, blobs = (int(word) for word in lines[1].split())
        described = sum(bool(line.strip()) for line in lines[2:])
    except (ValueError, IndexError) as error:
        raise Refusal("is no net of ncnn") from error
    if lines[0].strip() != _NCNN_MAGIC or not 0 < layers == described or blobs < 1:
        raise Refusal("is no net of ncnn")


def check_ncnn_bin(path: Path) -> None:
    """Refuse what cannot be ncnn's weights: they have no header, but come in 32-bit words and begin like nothing else.

    Raises
    ------
    Refusal
    """
    size = path.stat().st_size
    if what := mistaken_for(path):
        raise Refusal(what)
    if not size or size % 4:
        raise Refusal("holds no weights of ncnn")


def check_tflite(path: Path) -> None:
    """Refuse what is no tflite flatbuffer.

    Raises
    ------
    Refusal
    """
    with path.open("rb") as file:
        start = file.read(8)
    if len(start) < 8 or start[4:] != _TFLITE or not 8 <= int.from_bytes(start[:4], "little") < path.stat().st_size:
        raise Refusal("is no tflite model")
