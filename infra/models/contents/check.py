"""Refuse a file that is not what its name says, or that could run code when it is read."""

from collections.abc import Callable, Collection
from pathlib import Path, PurePosixPath

from infra.models.contents.beginnings import mistaken_for
from infra.models.contents.nets import check_ncnn_bin, check_ncnn_param, check_tflite
from infra.models.contents.onnx_file import check_onnx
from infra.models.contents.refusal import Refusal
from infra.models.contents.safetensors_file import check_safetensors
from infra.models.contents.texts import check_json, check_sentencepiece, check_text
from schemas.errors import PermanentFailure

_CHECKS: dict[str, Callable[[Path], None]] = {
    ".safetensors": check_safetensors,
    ".onnx": check_onnx,
    ".tflite": check_tflite,
    ".param": check_ncnn_param,
    ".bin": check_ncnn_bin,
    ".json": check_json,
    ".txt": check_text,
    ".jinja": check_text,
    ".model": check_sentencepiece,
}
ADMITTED = tuple(_CHECKS)
"""Endings of the formats that are read; every other one is refused whatever it holds."""


def check_content(path: Path, name: str, beside: Collection[str] = ()) -> None:
    """Look into a file before it enters the store.

    Parameters
    ----------
    path
        The file, under whatever name it lies for the moment.
    name
        What it is to be called: ``unet/model.safetensors``.
    beside
        Names of the model's files, this one among them or not: a ``.bin`` is ncnn's only beside a ``.param``.

    Raises
    ------
    PermanentFailure
        ``content``, saying what the file is instead.
    """
    wanted = PurePosixPath(name)
    try:
        if wanted.suffix not in _CHECKS:
            raise Refusal(f"is in none of the formats that are read ({', '.join(ADMITTED)})")
        if wanted.suffix == ".bin" and wanted.with_suffix(".param").as_posix() not in beside:
            raise Refusal(f"is taken only beside {wanted.with_suffix('.param').name}: alone it may be a pickle")
        _CHECKS[wanted.suffix](path)
    except Refusal as refusal:
        reason = mistaken_for(path) or refusal
        raise PermanentFailure(f"{name} {reason}. It was not kept.", code="content") from refusal
