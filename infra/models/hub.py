"""Model repositories on the Hugging Face hub, by ``hf://OWNER/REPO@REVISION/path``, through its public API.

A revision is resolved to its commit first, and only the commit is asked for and written down: a branch moves.
"""

import json
import os
import re
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, unquote

from infra.models.https import ask, check_address, origin
from schemas.errors import PermanentFailure

_ADDRESS = re.compile(r"hf://(\w[\w.-]*/\w[\w.-]*)(?:@([^/@\s]+))?(?:/([^?#]*))?", re.ASCII)
_LARGEST_ANSWER = 16 << 20
"""Bytes. A repository of a thousand files answers with 300 kB."""


@dataclass(frozen=True)
class HubAddress:
    """A repository at a revision; a file in it, a folder, or (with no path) all of it."""

    repository: str
    revision: str
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``hf://OWNER/REPO[@REVISION][/PATH]``. A slash in a revision is written ``%2F``.

        Raises
        ------
        PermanentFailure
            ``source``.
        """
        match = _ADDRESS.fullmatch(text)
        if not match:
            raise PermanentFailure(f"{text!r} is not hf://OWNER/REPO@REVISION/path.", code="source")
        repository, revision, path = match.groups()
        return cls(repository, unquote(revision or "main"), (path or "").strip("/"))

    @property
    def text(self) -> str:
        """The form that ``parse`` reads back."""
        return f"hf://{self.repository}@{quote(self.revision, safe='')}/{self.path}"

    @property
    def download(self) -> str:
        """Where the file is read."""
        return f"{endpoint()}/{self.repository}/resolve/{quote(self.revision, safe='')}/{quote(self.path)}"


@dataclass(frozen=True)
class HubFile:
    """A file as the hub describes it: with its SHA-256 where it is large, with git's checksum where it is small."""

    path: str
    size: int
    sha256: str | None
    git_sha1: str | None


@dataclass(frozen=True)
class HubRepository:
    """What a revision holds."""

    commit: str
    licence: str | None
    """As its publisher names it."""
    files: list[HubFile]


def endpoint() -> str:
    """The hub, or the mirror of it that ``HF_ENDPOINT`` names.

    Raises
    ------
    PermanentFailure
        ``source`` for a mirror that is not asked over https.
    """
    address = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    check_address(address)
    return address


def token_for(address: str) -> str | None:
    """``HF_TOKEN``, for addresses of the hub itself and for no others."""
    token = os.environ.get("HF_TOKEN")
    return token if token and origin(address) == origin(endpoint()) else None


def look_up(address: HubAddress) -> HubRepository:
    """Ask the hub what a revision holds.

    Raises
    ------
    PermanentFailure
        ``source`` for a repository that is not there, may not be read, or is described in a way nobody can rely on.
    TransientFailure
        ``download``.
    """
    revision = quote(address.revision, safe="")
    url = f"{endpoint()}/api/models/{address.repository}/revision/{revision}?blobs=true"
    with ask(url, token=token_for(url)) as answer:
        text = answer.read(_LARGEST_ANSWER + 1)
    try:
        if len(text) > _LARGEST_ANSWER:
            raise ValueError("it is too long")
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"The hub's answer about {address.repository} cannot be read: {error}"
        raise PermanentFailure(message, code="source") from error


def _read(answer: dict[str, Any]) -> HubRepository:
    commit = answer["sha"]
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise ValueError("it names no commit")
    return HubRepository(commit, _licence(answer), [_file(each) for each in answer["siblings"]])


def _licence(answer: dict[str, Any]) -> str | None:
    """The name that the publisher gives it; the tag alone is ``other`` for a licence that is not on the hub's list."""
    named = (answer.get("cardData") or {}).get("license_name")
    tags = [tag for tag in answer.get("tags") or [] if isinstance(tag, str) and tag.startswith("license:")]
    return named if isinstance(named, str) else tags[0].removeprefix("license:") if tags else None


def _file(described: dict[str, Any]) -> HubFile:
    path, large = described["rfilename"], described.get("lfs")
    if not isinstance(path, str) or path.startswith("/") or ".." in path.split("/"):
        raise ValueError("it names a file outside of the repository")
    sha256 = large["sha256"] if large else None
    if sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"the checksum of {path} is none")
    return HubFile(path, int(described["size"]), sha256, None if large else described.get("blobId"))
