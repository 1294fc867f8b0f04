"""Pack the serving program and the weights it needs into the ``model.tar.gz`` that SageMaker unpacks.

Layout, as AWS's PyTorch inference image expects it: ``code/serve.py`` (the entry), ``code/requirements.txt``, the
packages ``inference`` and ``schemas`` beside them, and ``weights/<checksum>/<file>``. No pickle is in it: the weight
formats that a model card admits hold numbers only.
"""

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from inference.registry import Registry
from inference.weights import models_folder, verified_weights
from infra.models.revision import revision
from schemas.model_card import ModelCard

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("inference", "schemas")
_ENTRY = b"from inference.toolkit import model_fn, transform_fn\n"
_SERVES_WITH = (
    "boto3",
    "pydantic",
    "pillow",
    "pyyaml",
    "numpy",
    "opencv-contrib-python-headless",
    "pypatchmatch",
    "onnxruntime",
    "ai-edge-litert",
    "ncnn",
)
"""What the serving program imports; the versions are those that are installed, and so tested, here."""


def pack(
    target: Path, names: Sequence[str] = (), *, registry: Registry | None = None, folder: Path | None = None
) -> str:
    """Write the artifact; the same models and code give the same bytes.

    Parameters
    ----------
    target
        File to write.
    names
        Models whose weights go in; when none is named, all but those that still need files somebody has to add.
    registry, folder
        Where cards and weights are; the project's own when not given.

    Returns
    -------
    str
        A key for it, named by what decides its results: ``cleanplate/model-<revision>.tar.gz``.

    Raises
    ------
    PermanentFailure
        ``weights_missing``, ``weights_changed`` or ``unknown_model``.
    """
    registry, folder = registry or Registry(), folder or models_folder()
    cards = [registry.card(name) for name in names] if names else [card for card in registry.cards() if not card.unmet]
    part = target.with_name(f".{target.name}.part")
    with (
        part.open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for name, content in (*_code(), *_weights(cards, folder)):
            _add(archive, name, content)
    part.replace(target)
    return f"cleanplate/model-{revision()}.tar.gz"


def _code() -> Iterator[tuple[str, bytes]]:
    yield "code/serve.py", _ENTRY
    pins = "".join(f"{name}=={metadata.version(name)}\n" for name in _SERVES_WITH)
    yield "code/requirements.txt", pins.encode()
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                yield f"code/{path.relative_to(_ROOT).as_posix()}", path.read_bytes()


def _weights(cards: Sequence[ModelCard], folder: Path) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for card in cards:
        for path in verified_weights(card, folder).values():
            name = f"weights/{path.parent.name}/{path.name}"
            if name not in seen:
                seen.add(name)
                yield name, path.read_bytes()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))
