"""What whoever brings a picture states about it."""

from collections.abc import Mapping
from typing import get_args

from handlers.settings import settings
from schemas.errors import BadInput
from schemas.given import Rights


def rights_in(metadata: Mapping[str, str]) -> Rights | None:
    """Read the statement of rights: the upload's own, else the one that the deployment makes for its whole inbox.

    Raises
    ------
    BadInput
        If it says neither ``owned`` nor ``licensed``.
    """
    stated = metadata.get("rights")
    if stated is None:
        return settings().rights or None
    for known in get_args(Rights):
        if stated == known:
            return known  # type: ignore[no-any-return]
    raise BadInput(
        f"The metadata `rights` says `{stated[:20]}`; it is one of: {', '.join(get_args(Rights))}.", code="bad_rights"
    )
