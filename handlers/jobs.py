"""What is to be done with a picture: its metadata says it, over that its folder, over both the sidecar beside it."""

from typing import NamedTuple

from handlers import recipes
from handlers.aws import storage
from handlers.aws.storage import ObjectHead
from schemas import keys
from schemas.errors import BadInput, TransientFailure
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.reading import read_document

LARGEST_SIDECAR = 64 * 1024
"""Bytes. A job with the longest prompts that there may be has a tenth of that."""


class Sidecar(NamedTuple):
    """A sidecar as it lies there, not read yet."""

    pointer: S3Pointer
    text: bytes

    @property
    def version(self) -> str:
        """Its version, which is part of the name of a run that follows from it."""
        return self.pointer.version_id or ""

    @property
    def job(self) -> Job:
        """Read it.

        Raises
        ------
        BadInput
            ``bad_sidecar``, with line, column and field.
        """
        name = self.pointer.key.rpartition("/")[2]
        return read_document(Job, self.text, what=f"`{name[-80:]}`", code="bad_sidecar", largest=LARGEST_SIDECAR)


def sidecar_of(photo: ObjectHead) -> Sidecar | None:
    """Find the sidecar that lies beside a photo, the more specific one where there are two."""
    for key in keys.sidecars_for(photo.pointer.key):
        # One byte more than there may be: then it is seen to be too large, and never read whole.
        found = storage.read_beginning(photo.pointer.bucket, key, LARGEST_SIDECAR + 1)
        if found:
            return Sidecar(*found)
    return None


def job_of(photo: ObjectHead, sidecar: Sidecar | None) -> Job:
    """Put together what is wanted of a photo.

    Raises
    ------
    BadInput
        If something of it makes no sense.
    """
    job = Job.from_metadata(photo.metadata).over(recipes.in_key(photo.pointer.key))
    return job.over(sidecar.job) if sidecar else job


def check_callback(job: Job) -> None:
    """Refuse a callback to an address that may not be asked; it is checked again when it is.

    Raises
    ------
    BadInput
        ``bad_url`` or ``private_address``.
    """
    if job.callback is None:
        return
    from handlers.outbound.addresses import check  # few jobs have one

    try:
        check(job.callback)
    except TransientFailure:
        return  # names that cannot be looked up at the moment keep no picture from being worked on


def mask_for(photo: ObjectHead, job: Job) -> S3Pointer | None:
    """Find the mask of a photo: the one that its job names, else the one beside it, else its folder's.

    What the job points at is more specific than a mask that a whole folder shares.

    Raises
    ------
    BadInput
        ``mask_missing`` if the job names a mask that is not there: without it, something else would be removed.
    """
    beside = keys.own_masks_for if job.box or job.point else keys.masks_for
    for key in keys.named_masks(photo.pointer.key, job.mask) if job.mask else beside(photo.pointer.key):
        found = storage.head(photo.pointer.bucket, key)
        if found:
            return found.pointer
    if job.mask:
        raise BadInput("The mask that is named is not in the inbox; upload it first.", code="mask_missing")
    return None
