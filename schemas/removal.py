"""What is to be taken away, as the queue of such work holds it."""

from typing import Literal

from schemas.pointers import Document


class Removal(Document):
    """One piece of work: of which asset, and how much of it."""

    asset_id: str
    what: Literal["withdraw"]
