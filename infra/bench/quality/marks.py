"""What a user would have registered before a task: its artwork, or what a folder of marked pictures tells of it."""

from contextlib import suppress
from functools import partial

from inference.unblending.learning.learn import learn
from inference.unblending.learning.placing import Photo
from infra.bench.quality.kit import Kit, Task
from schemas.errors import BadInput

_NAME = "known"


def known_marks(kit: Kit, task: Task) -> dict[str, bytes]:
    """Artwork by name, as PNGs; empty where nothing is known, or where what a folder tells is refused."""
    if "artwork" in task.facts:
        return {_NAME: kit.bytes(task.facts["artwork"])}
    if "folder" in task.facts:
        with suppress(BadInput):  # a user is told, and goes on without
            return {_NAME: _learned(kit, task.facts["folder"])}
    return {}


def _learned(kit: Kit, paths: list[str]) -> bytes:
    photos = [Photo((rgb.shape[0], rgb.shape[1]), partial(kit.rgb, path)) for path in paths for rgb in [kit.rgb(path)]]
    return learn(photos).as_png()
