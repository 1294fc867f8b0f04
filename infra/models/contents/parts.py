"""Whether a file that comes in parts is whole."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from schemas.errors import PermanentFailure

_INDEX = ".index.json"


def check_parts(files: Mapping[str, Path]) -> None:
    """Compare each index with the parts that came with it.

    Parameters
    ----------
    files
        Name on the card to file.

    Raises
    ------
    PermanentFailure
        ``content``, naming the parts that are missing.
    """
    for name, path in files.items():
        if not name.endswith(_INDEX):
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        places = document.get("weight_map") if isinstance(document, dict) else None
        if not isinstance(places, dict) or not all(isinstance(part, str) for part in places.values()):
            raise PermanentFailure(f"{name} is no index of parts.", code="content")
        wanted = {(PurePosixPath(name).parent / part).as_posix() for part in places.values()}
        if missing := sorted(wanted - files.keys()):
            raise PermanentFailure(f"{name} names parts that did not come: {', '.join(missing)}.", code="content")
