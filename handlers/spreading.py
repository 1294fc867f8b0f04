"""A mask for a whole folder: every photo in it is looked at again, however many there are.

What looks at them is the intake queue: it bounds how many are looked at at once, and keeps what could not be done yet.
"""

from handlers.aws import queues, storage
from handlers.settings import settings
from schemas import keys
from schemas.events import FolderContinues, ObjectCreated
from schemas.pointers import S3Pointer

_PAGE = 500
"""Keys of one listing: fifty messages of ten hints are sent well within a function's time."""


def spread(mask: S3Pointer, token: str | None = None) -> None:
    """Send a hint for each photo of the mask's folder that may have no mask of its own; and one for the next page.

    Parameters
    ----------
    token
        Where the page begins; at the folder's beginning without one.
    """
    page, more = storage.folder_page(mask.bucket, keys.folder_of(mask.key), token, at_most=_PAGE)
    hints = [ObjectCreated.written(mask.bucket, key) for key in keys.photos_for(mask.key, page)]
    if more:
        hints.append(FolderContinues.written(mask.bucket, mask.key, more))
    queues.send(settings().intake_queue_url, hints)
