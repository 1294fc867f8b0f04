"""The files that a recipe wants beside the pictures themselves, made of them."""

from collections.abc import Mapping
from pathlib import Path

import pyvips

from handlers.rendering import opening
from handlers.rendering.made import MadeFile
from handlers.rendering.metadata import NOTHING, Metadata, permitted
from handlers.rendering.printing import print_file
from handlers.rendering.web import web_files
from schemas.asset import MediaType
from schemas.delivering import DeliverStep, MetadataPolicy
from schemas.errors import PermanentFailure
from schemas.renditions import Master


def told_by(path: Path, kind: MediaType, policy: MetadataPolicy) -> Metadata:
    """Read what an upload tells beside its pixels, as far as it may travel on with pictures that stand upright."""
    try:
        return NOTHING if kind is MediaType.BMP else permitted(opening.metadata_of(path, kind), policy)
    except pyvips.Error:
        return NOTHING


def further_files(
    step: DeliverStep, pictures: Mapping[str, tuple[Master, Path]], told: Mapping[str, Metadata], folder: Path
) -> list[MadeFile]:
    """Make the files for pages and for a print shop; none where the recipe wants none.

    Parameters
    ----------
    pictures
        The run's own, by name, on disk; the largest last.
    told
        What a file tells that is made of a picture, by that picture's name.

    Raises
    ------
    CleanplateError
        As :func:`handlers.rendering.opening.opened` and :func:`handlers.rendering.printing.print_file`;
        ``not_encodable`` if libvips cannot write one.
    """
    try:
        return _made(step, pictures, told, folder)
    except pyvips.Error as error:
        raise PermanentFailure("A file could not be made of this picture.", code="not_encodable") from error


def _made(
    step: DeliverStep, pictures: Mapping[str, tuple[Master, Path]], told: Mapping[str, Metadata], folder: Path
) -> list[MadeFile]:
    files = web_files(step.web, pictures, told, folder) if step.web else []
    if step.print:
        master, path = list(pictures.values())[-1]
        files.append(print_file(step.print, master, path, told[master.name], folder))
    return files
