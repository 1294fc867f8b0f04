"""Pack the serving program and the weights it needs into the ``model.tar.gz`` that SageMaker unpacks.

Layout, as AWS's PyTorch inference image expects it: ``code/serve.py`` (the entry), ``code/requirements.txt``, the
packages ``inference`` and ``schemas`` beside them, ``weights/<checksum>/<file>``, and cards of the user's own in
``weights/cards``. No pickle is in it: the weight formats that a model card admits hold numbers only.
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inference.registry import Registry
from inference.stages.guarding import HELPERS
from inference.stages.people import DETECTOR
from inference.weights import verified_weights
from infra.models.own_cards import without_places
from infra.models.requirements import ENTRY, PACKAGES, ROOT, requirements
from infra.models.room import require_room
from infra.models.store import Store
from schemas.model_card import ModelCard

_ENTRY = f"from {ENTRY} import model_fn, transform_fn\n".encode()
_COMPRESSION = 0
"""None. A container unpacks at 540 MB/s what is not compressed, and at 115 to 170 MB/s what is; gzip leaves 92 % of
float16 weights and 80 % of bfloat16, at 15 to 46 MB/s. Of ten gigabytes it saves one or two, and costs a minute of each
start."""


@dataclass(frozen=True)
class Packed:
    """What an artifact holds."""

    key: str
    """To upload it under: ``cleanplate/model-<16 hex digits>.tar.gz``, named by what is in it."""
    models: list[str]
    """Models with weights or an own card in it, or that need none."""
    left_out: list[str]
    """Models that still need files that somebody has to add."""


def pack(
    target: Path, names: Sequence[str] = (), *, registry: Registry | None = None, folder: Path | None = None
) -> Packed:
    """Write the artifact; the same models and code give the same bytes.

    Models that need no weights are in every artifact, and those that the guards look with. The one that finds people is
    wherever a model may invent: it has to be asked before those work (``inference.stages.people``). Files are streamed:
    memory does not grow with them.

    Parameters
    ----------
    target
        File to write.
    names
        Models whose weights go in; when none is named, all but those that still need files somebody has to add.
    registry, folder
        Where cards and weights are; the project's own when not given.

    Raises
    ------
    PermanentFailure
        ``weights_missing``, ``weights_changed``, ``unknown_model``, ``library_missing`` or ``disk_full``; nothing is
        written then.
    """
    store = Store(folder)
    registry = registry or store.registry()
    everything = registry.cards()
    ready = [card for card in everything if not card.unmet]
    chosen = [registry.card(name) for name in names] or ready
    cards = _with_what_always_goes_in(chosen, ready, registry)
    entries = [*_code(cards), *_weights(cards, store)]
    require_room(target.absolute().parent, sum(entry.size for entry in entries))
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            _write(file, entries)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    unmet = [card.name for card in everything if card.unmet]
    return Packed(_key(entries), sorted(card.name for card in cards), unmet)


def _with_what_always_goes_in(
    chosen: Sequence[ModelCard], ready: Sequence[ModelCard], registry: Registry
) -> list[ModelCard]:
    """Add the models that need no weights, those that the guards look with, and what looks for people before others.

    The last only beside a model that may invent; the guards beside whatever assesses, which needs no weights.
    """
    guard = [registry.card(DETECTOR)] if any(card.generative for card in chosen) else []
    guard += [registry.card(name) for name in HELPERS]
    return list({card.name: card for card in (*chosen, *guard, *(card for card in ready if not card.weights))}.values())


@dataclass(frozen=True)
class _Entry:
    """A file of the artifact: small ones at hand, large ones where they lie."""

    name: str
    content: bytes | Path
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")


def _small(name: str, content: bytes) -> _Entry:
    return _Entry(name, content, hashlib.sha256(content).hexdigest())


def _code(cards: Sequence[ModelCard]) -> Iterator[_Entry]:
    yield _small("code/serve.py", _ENTRY)
    yield _small("code/requirements.txt", "".join(f"{pin}\n" for pin in requirements(cards)).encode())
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                yield _small(f"code/{path.relative_to(ROOT).as_posix()}", path.read_bytes())


def _weights(cards: Sequence[ModelCard], store: Store) -> Iterator[_Entry]:
    seen: set[Path] = set()
    for card in cards:
        paths = verified_weights(card, store.folder)
        own = store.cards / f"{card.name}.yaml"
        if own.is_file():
            yield _small(f"weights/cards/{own.name}", without_places(own))
        for weights in card.weights:
            path = paths[weights.file]
            if path not in seen:
                seen.add(path)
                yield _Entry(f"weights/{path.relative_to(store.folder).as_posix()}", path, weights.sha256)


def _write(file: BinaryIO, entries: Sequence[_Entry]) -> None:
    with (
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=_COMPRESSION) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for entry in entries:
            about = tarfile.TarInfo(entry.name)
            about.size, about.mode = entry.size, 0o644
            with entry.open() as content:
                archive.addfile(about, content)


def _key(entries: Sequence[_Entry]) -> str:
    state = hashlib.sha256()
    for entry in entries:
        state.update(f"{entry.name}:{entry.sha256}\n".encode())
    return f"cleanplate/model-{state.hexdigest()[:16]}.tar.gz"
