"""S3: a batch's list of pictures, one line each, as Step Functions reads it; and what it is made from."""

from collections.abc import Iterable, Sequence

from handlers.aws import storage, texts, versions
from handlers.settings import settings
from schemas.batch import Listed
from schemas.pointers import S3Pointer


def place(batch_id: str) -> S3Pointer:
    """Say where a batch's list lies."""
    return S3Pointer(bucket=settings().work_bucket, key=f"batches/{batch_id}/list.jsonl")


def first_place(batch_id: str) -> S3Pointer:
    """Say where the pictures lie that are tried before the rest."""
    return S3Pointer(bucket=settings().work_bucket, key=f"batches/{batch_id}/first.jsonl")


def write(batch_id: str, lines: Sequence[Listed], first: int | None = None) -> int:
    """Write a list; return how many pictures it has.

    Parameters
    ----------
    first
        Number of pictures to try. Their list is written before the whole one, and so is there whenever that is.
    """
    if first is not None:
        _write(first_place(batch_id), lines[:first])
    return _write(place(batch_id), lines)


def ask_for(batch_id: str, keys: Sequence[str]) -> None:
    """Keep the keys that somebody sent; a record has no room for them."""
    _write(_asked(batch_id), of_keys(batch_id, keys))


def asked_for(batch_id: str) -> list[Listed]:
    """Read the keys that somebody sent."""
    text = storage.read_text(_asked(batch_id)) or ""
    return [Listed.model_validate_json(line) for line in text.splitlines()]


def is_there(batch_id: str) -> bool:
    """Whether a batch was listed before: then that is what it is about, whatever lies in the inbox by now."""
    return storage.head(place(batch_id).bucket, place(batch_id).key) is not None


def of_keys(batch_id: str, keys: Sequence[str]) -> list[Listed]:
    """Make lines of keys, each once."""
    return [Listed(batch_id=batch_id, key=key) for key in dict.fromkeys(keys)]


def drop(batch_id: str, key: str) -> None:
    """Take a picture's line out of every list of a batch, and out of their older versions.

    Raises
    ------
    TransientFailure
        If somebody else writes the same list: of two erasures at once, one comes again.
    """
    for pointer in (_asked(batch_id), first_place(batch_id), place(batch_id)):
        found = texts.read(pointer)
        if found is None:
            continue
        lines = found.text.splitlines()
        left = [line for line in lines if Listed.model_validate_json(line).key != key]
        if len(left) < len(lines):
            texts.write_over(found, "".join(f"{line}\n" for line in left), "application/jsonl")
        versions.remove_older(pointer)


def _asked(batch_id: str) -> S3Pointer:
    return S3Pointer(bucket=settings().work_bucket, key=f"batches/{batch_id}/asked.jsonl")


def _write(pointer: S3Pointer, lines: Iterable[Listed]) -> int:
    rows = [line.model_dump_json(exclude_none=True) for line in lines]
    storage.write_text(pointer, "\n".join(rows) + "\n", "application/jsonl")
    return len(rows)
