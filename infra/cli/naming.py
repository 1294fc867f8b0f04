"""Names for uploads and results: safe whatever a file is called, and never the same for two."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from schemas.asset import MediaType
from schemas.ids import digest

ENDINGS = tuple(f".{kind.extension}" for kind in MediaType)
"""Endings that a result may get."""

_LONGEST_PART = 120
_LONGEST_PATH = 600
"""Bytes. A key may have 1,024; recipe, batch and the mask's ending come on top."""


def upload_path(relative: str) -> str:
    """Make a path that the API takes out of a local file's relative path.

    Folders are kept. Characters that are no text, and forms that S3's upload would act on (``${filename}``), become
    ``-``; what is too long is cut and told apart by its hash.
    """
    parts = [_safe_part(part) for part in relative.split("/") if part not in ("", ".", "..")]
    path = "/".join(parts) or "picture"
    if len(path.encode()) <= _LONGEST_PATH:
        return path
    return f"{_hash(relative)}/{parts[-1]}"


def _safe_part(part: str) -> str:
    readable = part.encode("utf-8", "replace").decode()
    safe = "".join(char if char.isprintable() and char != "\\" else "-" for char in readable).replace("${", "-{")
    if len(safe.encode()) <= _LONGEST_PART:
        return safe
    start = safe.encode()[: _LONGEST_PART // 2].decode(errors="ignore")
    return f"{start}-{_hash(part)}{PurePath(safe).suffix[:8]}"


def _hash(text: str) -> str:
    return digest("name", text.encode("utf-8", "surrogateescape").hex())[:10]


def distinct(names: Iterable[str]) -> Iterator[str]:
    """Give back each name, with ``-2``, ``-3`` ... before its ending where it was taken, whatever its case."""
    taken: set[str] = set()
    for name in names:
        path, number = PurePath(name), 1
        while (free := name if number == 1 else str(path.with_stem(f"{path.stem}-{number}"))).casefold() in taken:
            number += 1
        taken.add(free.casefold())
        yield free


def result_stems(relatives: Sequence[str]) -> list[str]:
    """Plan the results' names without their endings, which are known only when the pictures are delivered.

    ``a.png`` alone becomes ``a``. Where ``a.png`` and ``a.webp`` both would, they keep their whole names; whatever
    ending each gets, no two results can have the same name.
    """
    stems = [str(PurePath(relative).with_suffix("")) for relative in relatives]
    shared = Counter(stem.casefold() for stem in stems)
    taken: set[str] = set()
    planned = []
    for stem, relative in zip(stems, relatives, strict=True):
        wanted = stem if shared[stem.casefold()] == 1 else relative
        free, number = wanted, 1
        while taken & (claims := _claims(free)):
            number += 1
            free = f"{wanted}-{number}"
        taken |= claims
        planned.append(free)
    return planned


def _claims(stem: str) -> set[str]:
    return {stem.casefold(), *((stem + ending).casefold() for ending in ENDINGS)}


def result_name(stem: str, ending: str) -> str:
    """Name a result whose type is known: the ending is not written twice."""
    return stem if stem.lower().endswith(ending) else stem + ending
