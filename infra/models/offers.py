"""What a source holds: the files that may be added to a model, and what is known of each before it is fetched."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from infra.models.contents.check import ADMITTED
from infra.models.https import check_address
from infra.models.hub import HubAddress, look_up
from infra.models.sources import path_of
from schemas.errors import PermanentFailure

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Offer:
    """One file."""

    name: str
    """Relative to what was named, with slashes."""
    source: str
    """Where it is fetched, as it is written down with the model: for a hub, with its commit."""
    size: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None


@dataclass(frozen=True)
class Offers:
    """The files of a source."""

    files: list[Offer]
    single: bool
    """Whether one file was named, which then may have any name."""
    licence: str | None = None
    """As the publisher names it, where the source says."""


def offers(source: str, sha256: str | None) -> Offers:
    """Look at a file, a folder, an ``https://`` or ``s3://`` address, or ``hf://OWNER/REPO@REVISION[/path]``.

    Parameters
    ----------
    sha256
        Of the one file. An address needs it: what comes over the net is known by nothing else.

    Raises
    ------
    PermanentFailure
        ``source``, ``checksum_missing``.
    TransientFailure
        ``download`` when the hub did not answer.
    """
    if sha256 is not None and not _SHA256.fullmatch(sha256 := sha256.lower()):
        raise PermanentFailure("A SHA-256 has 64 hex digits.", code="checksum_missing")
    scheme = source.partition("://")[0] if "://" in source else ""
    if scheme == "hf":
        found = _of_hub(HubAddress.parse(source))
    elif scheme in ("https", "http", "s3"):
        found = Offers([_of_address(source, sha256)], single=True)
    else:
        found = _of_disk(path_of(source) if scheme == "file" else Path(source).expanduser())
    if sha256 is None:
        return found
    if not found.single:
        raise PermanentFailure("--sha256 is of one file; name the file and not its folder.", code="source")
    (file,) = found.files
    if file.sha256 not in (None, sha256):
        raise PermanentFailure(f"{file.source} has checksum {file.sha256}, not {sha256}.", code="checksum")
    return Offers([Offer(file.name, file.source, file.size, sha256)], single=True, licence=found.licence)


def _of_address(source: str, sha256: str | None) -> Offer:
    if not source.startswith("s3://"):
        check_address(source)
        if "?" in source:
            message = "Give an address without `?`: what follows may be a secret, and would be written down."
            raise PermanentFailure(message, code="source")
    if sha256 is None:
        message = "An address needs --sha256: the checksum that its publisher names, not one made from the download."
        raise PermanentFailure(message, code="checksum_missing")
    return Offer(unquote(PurePosixPath(urlsplit(source).path).name), source, sha256=sha256)


def _of_disk(path: Path) -> Offers:
    path = path.absolute()
    if path.is_file():
        return Offers([_on_disk(path, path.parent)], single=True)
    if not path.is_dir():
        raise PermanentFailure(f"There is no file or folder {path}.", code="source")
    inside = (each for each in sorted(path.rglob("*")) if each.suffix in ADMITTED and each.is_file())
    return Offers([_on_disk(each, path) for each in inside], single=False)


def _on_disk(path: Path, root: Path) -> Offer:
    return Offer(path.relative_to(root).as_posix(), path.as_uri(), path.stat().st_size)


def _of_hub(address: HubAddress) -> Offers:
    repository = look_up(address)
    pinned = {file.path: HubAddress(address.repository, repository.commit, file.path) for file in repository.files}
    if address.path in pinned:
        files, root, single = [file for file in repository.files if file.path == address.path], "", True
    else:
        root, single = f"{address.path}/" if address.path else "", False
        files = [file for file in repository.files if file.path.startswith(root)]
    if not files:
        raise PermanentFailure(f"There is no {address.path} in {address.repository}.", code="source")
    found = [
        Offer(
            PurePosixPath(file.path).name if single else file.path.removeprefix(root),
            pinned[file.path].text,
            file.size,
            file.sha256,
            file.git_sha1,
        )
        for file in files
    ]
    return Offers(found, single, repository.licence)
