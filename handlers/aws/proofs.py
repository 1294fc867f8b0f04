"""S3: the proofs of a review, which lie beside each other in the work bucket; ``proofs.json`` is written last."""

from pydantic import ValidationError

from handlers.aws import storage
from handlers.observability import logger
from handlers.settings import settings
from schemas.pointers import S3Pointer
from schemas.proof import Proofs, proofs_folder

_DOCUMENT = "proofs.json"


def find(asset_id: str, run_id: str) -> Proofs | None:
    """Read what was made for a review; ``None`` while it is being made, and where it is to be made again.

    The latter is a document that another deployment wrote, in a shape that is no longer known.
    """
    text = storage.read_text(_pointer(asset_id, run_id, _DOCUMENT))
    try:
        return Proofs.model_validate_json(text) if text is not None else None
    except ValidationError:
        logger.warning("unreadable proofs", extra={"run_id": run_id})
        return None


def keep(asset_id: str, run_id: str, name: str, data: bytes, media_type: str) -> S3Pointer:
    """Write one picture. Made again it is the same picture under the same name, so its version does not matter."""
    pointer = _pointer(asset_id, run_id, name)
    storage.write(pointer, data, media_type)
    return pointer


def complete(asset_id: str, run_id: str, made: Proofs) -> None:
    """Write the document, after everything that it points at."""
    storage.write_text(_pointer(asset_id, run_id, _DOCUMENT), made.model_dump_json())


def _pointer(asset_id: str, run_id: str, name: str) -> S3Pointer:
    return S3Pointer(bucket=settings().work_bucket, key=proofs_folder(asset_id, run_id) + name)
