"""A folder in the shape that ``from_pretrained`` expects, out of single verified files."""

import atexit
import json
import shutil
import tempfile
from pathlib import Path, PurePosixPath

from inference.protocols import Weights
from schemas.errors import PermanentFailure

READABLE = frozenset({".safetensors", ".json", ".txt", ".model", ".jinja"})
"""Tensors, settings and vocabularies. Everything else that these libraries read may be a pickle, which runs code."""

LIBRARIES = frozenset({"diffusers", "transformers", "stable_diffusion"})
"""Where the parts of a pipeline may come from: its ``model_index.json`` names modules to import."""


def pretrained_folder(weights: Weights) -> Path:
    """Lay verified files out under their relative names (``unet/config.json``), as links.

    The store keeps each file under its checksum, and SageMaker's copy of it cannot be written to: links in a folder of
    this process cost nothing. It is removed when the process ends.

    Raises
    ------
    PermanentFailure
        ``unsafe_weights`` for a file that may be a pickle, ``broken_weights`` for an index that names foreign code.
    """
    _check(weights)
    folder = Path(tempfile.mkdtemp(prefix="cleanplate-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, path in weights.items():
        link = folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path.resolve())
    return folder


def _check(weights: Weights) -> None:
    unsafe = [name for name in weights if PurePosixPath(name).suffix not in READABLE]
    if unsafe:
        message = f"{', '.join(unsafe)} may hold a pickle, which can run code: only safetensors files are read."
        raise PermanentFailure(message, code="unsafe_weights")
    if "model_index.json" in weights:
        _check_index(weights["model_index.json"])


def _check_index(path: Path) -> None:
    try:
        parts = json.loads(path.read_text(encoding="utf-8")).items()
    except (ValueError, AttributeError) as error:
        raise PermanentFailure("model_index.json is no list of a pipeline's parts.", code="broken_weights") from error
    named = {value[0] for name, value in parts if not name.startswith("_") and isinstance(value, list) and value}
    foreign = {library for library in named if library is not None} - LIBRARIES
    if foreign:
        message = (
            f"model_index.json names parts from {', '.join(map(str, sorted(foreign, key=str)))}, which are not loaded."
        )
        raise PermanentFailure(message, code="broken_weights")
