"""Several reviews at once."""

from pydantic import Field

from schemas.pointers import Document
from schemas.verdict import Comment


class ReviewName(Document):
    """One review."""

    asset_id: str = Field(max_length=40)
    run_id: str = Field(max_length=60)


class Bulk(Document):
    """Which reviews to approve together. They were all asked about for one reason."""

    items: list[ReviewName] = Field(min_length=1, max_length=100)
    comment: Comment | None = None
