"""What the examples of ``docs/doors.md`` need."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.documented import Place
from tests.e2e.file_server import serving


@contextmanager
def address(place: Place) -> Iterator[None]:
    with serving({"/photo.jpg": (place.folder / "photo.jpg").read_bytes()}) as site:
        place.environment["PICTURE"] = f"{site}/photo.jpg"
        yield
