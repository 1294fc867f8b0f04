"""Check the credentials of what is delivered of an asset: the bytes that the CDN serves, read again."""

import tempfile
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import records, storage
from handlers.credentials.reading import verify
from handlers.credentials.signer import anchor, is_configured
from handlers.observability import logger, metrics
from handlers.settings import settings
from schemas.credentials import can_carry
from schemas.errors import BadInput
from schemas.http.credentials import AssetCredentials, FileCredentials
from schemas.pointers import S3Pointer
from schemas.rendition import Rendition
from schemas.verified import told

_LARGEST = 256 << 20
"""Bytes of a file that is looked at: what a function of half a minute can read."""


def check(asset_id: str) -> AssetCredentials:
    """Check every file that is delivered of an asset; none where nothing is."""
    asset = records.find_asset(asset_id)
    renditions = asset.outcome.renditions if asset and asset.outcome else []
    trusted = anchor()
    with tempfile.TemporaryDirectory() as folder:
        files = [_checked(rendition, Path(folder) / "file", trusted) for rendition in renditions]
    return AssetCredentials(asset_id=asset_id, signs=is_configured(), files=files)


def _checked(rendition: Rendition, path: Path, trusted: str) -> FileCredentials:
    facts = {"name": rendition.name, "key": rendition.key, "media_type": rendition.media_type}
    if not can_carry(rendition.media_type):
        return FileCredentials(**facts, sentence=f"Files of type {rendition.media_type} cannot carry credentials.")
    place = S3Pointer(bucket=settings().delivery_bucket, key=rendition.key)
    try:
        storage.download(place, path, max_bytes=_LARGEST)
        found = verify(path, trusted)
    except BadInput as error:
        return FileCredentials(**facts, sentence=_NOT_READ.get(error.code, error.message))
    lines = told(found)
    return FileCredentials(
        **facts,
        standing=found.standing,
        sentence=found.sentence,
        trail=lines[1:],
        codes=found.codes,
        generative=found.uses_generative_models,
        manifest=found.manifest,
    )


_NOT_READ = {
    "missing_input": "The file is no longer there.",
    "too_many_bytes": f"The file is larger than {_LARGEST >> 20} MiB; check it with `cleanplate verify`.",
}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer the API."""
    return check(str(event["asset_id"])).model_dump(mode="json")
