"""What whoever brings a picture states about it."""

from handlers.settings import settings
from schemas.given import Rights
from schemas.job import Job


def rights_of(job: Job) -> Rights | None:
    """Give the statement of rights: the job's own, else the one that the deployment makes for its whole inbox."""
    return job.rights or settings().rights or None
