"""A folder in the shape that ``from_pretrained`` expects, out of single verified files."""

import atexit
import shutil
import tempfile
from pathlib import Path

from inference.protocols import Weights


def pretrained_folder(weights: Weights) -> Path:
    """Lay verified files out under their relative names (``unet/config.json``), as links.

    The store keeps each file under its checksum, and SageMaker's copy of it cannot be written to: links in a folder of
    this process cost nothing. It is removed when the process ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="cleanplate-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, path in weights.items():
        link = folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path.resolve())
    return folder
