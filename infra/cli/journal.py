"""A batch's journal: what was uploaded and what became of it, line by line, so that a crash costs no work twice.

A line is written, and on the disk, before what it tells of counts as done. A crash in the middle of a line leaves half
of one at the end of the file, which is read as nothing.
"""

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from infra.cli.plan import Picture
from infra.report.record import Record
from schemas.errors import BadInput

NAME = ".cleanplate-journal.jsonl"
"""File in the folder of the results."""
_FORMAT = 1
_ANOTHER_FILE = "{path} is no journal of this version of cleanplate; move it away."


@dataclass
class _Known:
    """What is known of one upload: of which file, where it went, what it became, and what became of that."""

    file: list[int] | None
    key: str | None = None
    asset_id: str | None = None
    record: Record | None = None


@dataclass
class Journal:
    """The journal of one batch. May be shared between threads.

    ``job`` is what was asked for, ``deployment`` of whom; a batch goes on with the same, or is another batch.
    Without a ``path`` nothing is kept.
    """

    path: Path | None = None
    job: Mapping[str, Any] = field(default_factory=dict)
    deployment: str = ""
    pictures: Sequence[Picture] = ()
    _known: dict[str, _Known] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def begin(cls, path: Path, pictures: Sequence[Picture], job: Mapping[str, Any], deployment: str) -> Self:
        """Begin a new one, over one that was there."""
        journal = cls(path, job, deployment, tuple(pictures))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        listed = [_listed(picture) for picture in pictures]
        journal._write({"format": _FORMAT, "deployment": deployment, "job": dict(job), "pictures": listed})
        return journal

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read one to go on with it.

        Raises
        ------
        BadInput
            If the file is not a journal.
        """
        raw = path.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        try:
            header, *entries = (json.loads(line) for line in whole.splitlines())
            if header["format"] != _FORMAT:
                raise ValueError
            pictures = tuple(_picture(listed) for listed in header["pictures"])
            journal = cls(path, header["job"], header["deployment"], pictures)
            for entry in entries:
                journal._note(entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput(_ANOTHER_FILE.format(path=path), code="bad_journal") from None
        if len(whole) < len(raw):
            os.truncate(path, len(whole))  # else the next line would be glued to the half one
        return journal

    @property
    def unfinished(self) -> int:
        """Number of pictures of which no outcome is known."""
        return sum(self.record_of(picture) is None for picture in self.pictures)

    @property
    def asset_ids(self) -> list[str]:
        """Everything that was uploaded."""
        return [known.asset_id for known in self._known.values() if known.asset_id]

    def sending(self, picture: Picture, key: str) -> None:
        """Note where a file is about to be uploaded to."""
        self._write({"sending": picture.path, "file": identity(picture), "key": key})

    def sent(self, picture: Picture, asset_id: str) -> None:
        """Note what a file became."""
        self._write({"sent": picture.path, "asset_id": asset_id})

    def ended(self, picture: Picture, record: Record) -> None:
        """Note an outcome; the result is saved by now."""
        self._write({"ended": picture.path, "file": identity(picture), "record": record})

    def asset_of(self, picture: Picture) -> str | None:
        """Name what a file became that was uploaded, and is still the same file."""
        known = self._of(picture)
        return known.asset_id if known else None

    def record_of(self, picture: Picture) -> Record | None:
        """Tell what became of a file that is still the same."""
        known = self._of(picture)
        return known.record if known else None

    def key_of(self, picture: Picture) -> str | None:
        """Say where a file may lie: its upload was begun, and nobody knows how that ended."""
        known = self._of(picture)
        return known.key if known and known.asset_id is None and known.record is None else None

    def _of(self, picture: Picture) -> _Known | None:
        known, found = self._known.get(picture.path), identity(picture)
        # A file that is gone did not change: what became of it still holds.
        return known if known and found in (known.file, None) else None

    def _note(self, entry: Mapping[str, Any]) -> None:
        if "sending" in entry:
            self._known[entry["sending"]] = _Known(entry["file"], entry["key"])
        elif "sent" in entry:
            self._known[entry["sent"]].asset_id = entry["asset_id"]
        elif "ended" in entry:
            known = self._known.setdefault(entry["ended"], _Known(entry["file"]))
            known.file, known.record = entry["file"], entry["record"]

    def _write(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._note(entry)
            if self.path is None:
                return
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
                file.flush()
                os.fsync(file.fileno())


def identity(picture: Picture) -> list[int] | None:
    """Size and time of a file and of its mask: what changes when either does. ``None`` if one cannot be read."""
    try:
        found = [path.stat() for path in (picture.file, picture.mask) if path]
    except OSError:
        return None
    return [number for stat in found for number in (stat.st_size, stat.st_mtime_ns)]


def _listed(picture: Picture) -> dict[str, Any]:
    mask = str(picture.mask.resolve()) if picture.mask else None
    return {"file": str(picture.file.resolve()), "path": picture.path, "mask": mask, "result": picture.result}


def _picture(listed: Mapping[str, Any]) -> Picture:
    mask = Path(listed["mask"]) if listed["mask"] else None
    return Picture(Path(listed["file"]), listed["path"], mask, listed["result"])
