"""How files begin that are no weights, and are taken for them most often."""

from pathlib import Path

_BEGINNINGS = {
    b"PK\x03\x04": "is a zip archive, in which torch saves its pickles",
    b"\x1f\x8b": "is compressed",
    b"\x7fELF": "is a program",
    b"MZ": "is a program",
    b"version https://git-lfs": "is the pointer that Git LFS leaves in place of a file: fetch the file itself",
    b"<!DOCTYPE": "is a web page, not the file behind it",
    b"<!doctype": "is a web page, not the file behind it",
    b"<html": "is a web page, not the file behind it",
    **{bytes((0x80, protocol)): "is a pickle, which runs code when it is read" for protocol in range(2, 6)},
}


def mistaken_for(path: Path) -> str | None:
    """Say what a file is by how it begins, as the end of a sentence; ``None`` where it begins like none of these.

    Two bytes are no proof: a safetensors file begins with a length, which may read like them. Ask what a file is
    supposed to be first.
    """
    with path.open("rb") as file:
        start = file.read(32)
    return next((what for beginning, what in _BEGINNINGS.items() if start.startswith(beginning)), None)
