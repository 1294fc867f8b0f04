"""What the demo's files say about themselves, checked when the stack that signed them is gone."""

from collections.abc import Iterator
from pathlib import Path

from handlers.credentials.reading import verify
from schemas.verified import Verification

ANCHOR = "anchor.pem"
"""The certificates of the demo's stack, in the demo's folder: `cleanplate verify FILE --trust anchor.pem`."""


def checked(folder: Path) -> Iterator[tuple[Path, Verification]]:
    """Check every file that the demo in this folder delivered."""
    anchors = (folder / ANCHOR).read_text()
    for path in sorted((folder / "delivered").iterdir()):
        yield path, verify(path, anchors)


def summary(folder: Path) -> str:
    """Say in one line how all of them stand."""
    found = [standing.standing.value.replace("_", " ") for _, standing in checked(folder)]
    counted = ", ".join(f"{found.count(each)} {each}" for each in dict.fromkeys(found))
    return f"Content Credentials of {len(found)} delivered files: {counted or 'none'} (trust: {folder / ANCHOR})"
