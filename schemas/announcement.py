"""What everybody who listens is told when a review is opened: enough to say so in a mail, and nothing secret."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.pointers import Document
from schemas.records import Moment, ReviewRecord

SOURCE = "cleanplate"
"""EventBridge's ``source`` of all events of ours."""
REVIEW_OPENED, REVIEW_REMINDER = "Review Opened", "Review Reminder"
"""EventBridge's ``detail-type`` of the two events about a review that waits."""


class Announcement(Document):
    """A review waits for a person. Another shape of it gets another ``version``."""

    version: Literal[1] = 1
    asset_id: str
    run_id: str
    rule: str
    reason: str
    recipe: str = Field(description="`name@version`")
    confidence: float | None = None
    opened_at: Moment
    name: str = Field(description="name of the uploaded file, without its folders")

    @classmethod
    def of(cls, review: ReviewRecord) -> "Announcement":
        """Announce a review."""
        return cls(
            asset_id=review.asset_id,
            run_id=review.run_id,
            rule=review.rule,
            reason=review.reason,
            recipe=review.recipe,
            confidence=review.confidence,
            opened_at=review.opened_at,
            name=review.before.key.rsplit("/", 1)[-1],
        )


class ReviewOpened(BaseModel):
    """The event as EventBridge delivers it; fields of the envelope that AWS adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: Literal["cleanplate"]
    detail_type: Annotated[Literal["Review Opened"], Field(alias="detail-type")]
    detail: Announcement
