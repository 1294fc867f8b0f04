"""Miniatures: somebody looks at an asset; make the small pictures of it that are not there yet."""

import tempfile
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import dossier, records, storage
from handlers.aws import miniatures as kept
from handlers.life import told_stages
from handlers.observability import count, logger, metrics
from handlers.proofing.miniature import of_mask, of_picture
from handlers.proofing.reading import LIMITS
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.miniature import MASK, WantedEvent, miniatures_of
from schemas.pointers import S3Pointer


def make(asset_id: str) -> int:
    """Make the miniatures of an asset that are missing, and keep each as soon as it is made.

    Events come twice, and two functions may work on one asset: both write the same pictures under the same names. What
    is cut off goes on at the next event with what is still missing.

    Returns
    -------
    int
        How many were made.
    """
    known = dossier.read(asset_id)
    if known.asset is None:
        return 0
    there = kept.names(asset_id)
    missing = {name: file for name, file in miniatures_of(known.asset, told_stages(known)).items() if name not in there}
    with tempfile.TemporaryDirectory() as folder:
        made = sum(_make(asset_id, name, file, Path(folder, "file")) for name, file in missing.items())
    count("MiniaturesMade", made)
    return made


def _make(asset_id: str, name: str, file: S3Pointer, to: Path) -> bool:
    """Make one, unless the asset was erased meanwhile: a picture that came late would be all that is left of it."""
    path = _download(file, to)
    data, media_type, _ = of_mask(path) if name.endswith(MASK) else of_picture(path)
    asset = records.find_asset(asset_id)
    if asset is None or asset.status is Status.ERASED:
        return False
    kept.keep(asset_id, name, data, media_type)
    return True


def _download(pointer: S3Pointer, to: Path) -> Path | None:
    """Fetch a file over the one before it; ``None`` for one that is gone or larger than what can be shown."""
    try:
        storage.download(pointer, to, max_bytes=LIMITS.max_bytes)
    except BadInput as error:
        logger.warning("a file cannot be shown", extra={"key": pointer.key, "code": error.code})
        return None
    return to


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Handle the event; what fails is tried twice more by Lambda."""
    return {"made": make(WantedEvent.model_validate(event).detail.asset_id)}
