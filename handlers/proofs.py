"""Proofs: a review was opened; make the pictures that a person will judge it by, before they ask."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import proofs, reviews, storage
from handlers.observability import count, logger, metrics
from handlers.proofing.making import Files, make
from handlers.proofing.reading import LIMITS
from schemas.announcement import ReviewOpened
from schemas.errors import BadInput
from schemas.pointers import S3Pointer
from schemas.records import ReviewRecord


def prepare(asset_id: str, run_id: str) -> bool:
    """Make the proofs of a review, unless they are there.

    Events come twice, and two functions may work on one review: both write the same pictures under the same names.

    Returns
    -------
    bool
        Whether anything was made.
    """
    review = reviews.find(asset_id, run_id)
    if review is None:
        logger.warning("no review to make proofs of", extra={"run_id": run_id})
        return False
    if proofs.find(asset_id, run_id):
        return False
    with tempfile.TemporaryDirectory() as folder:
        made = make(_files(review, Path(folder)), partial(proofs.keep, asset_id, run_id))
    proofs.complete(asset_id, run_id, made)
    count("ProofsMade")
    return True


def _files(review: ReviewRecord, folder: Path) -> Files:
    before = _download(review.before, folder / "before")
    after = before if review.after == review.before else _download(review.after, folder / "after")
    return Files(before, after, _download(review.mask, folder / "mask") if review.mask else None)


def _download(pointer: S3Pointer, to: Path) -> Path | None:
    """Fetch a file; ``None`` for one that is gone or larger than what can be shown."""
    try:
        storage.download(pointer, to, max_bytes=LIMITS.max_bytes)
    except BadInput as error:
        logger.warning("a file cannot be shown", extra={"key": pointer.key, "code": error.code})
        to.unlink(missing_ok=True)
        return None
    return to


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, bool]:
    """Handle the announcement of a review; what fails is tried twice more by Lambda."""
    opened = ReviewOpened.model_validate(event).detail
    return {"made": prepare(opened.asset_id, opened.run_id)}
