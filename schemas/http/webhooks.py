"""Webhooks and their deliveries as the API shows them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.http.answer import OPEN, Answer, Cursor
from schemas.records import Moment
from schemas.webhook import DeliveryState, WebhookRecord

DeliveryId = Annotated[
    str, Field(pattern=r"^d-[0-9a-f]{40}$", description="also the `webhook-id` that it is sent under")
]
Secret = Annotated[str, Field(pattern="^whsec_", description="what events are signed with; keep it safe", repr=False)]


class WebhookShown(WebhookRecord):
    """A webhook. Its secret is never shown again."""

    model_config = OPEN


class WebhookMade(WebhookShown):
    """A webhook that was just registered, with its secret."""

    secret: Secret


class WebhookList(Answer):
    """All webhooks."""

    webhooks: list[WebhookShown] = Field(description="by their ids")
    most: int = Field(gt=0, description="how many there may be")


class SecretShown(Answer):
    """A secret for signatures."""

    secret: Secret
    previous_until: Moment | None = Field(default=None, description="until when the one before it signs as well")


class DeliveryShown(Answer):
    """One event for one address."""

    delivery_id: DeliveryId
    webhook_id: str | None = Field(default=None, description="whose; left out for a callback")
    to: str | None = Field(default=None, description="a callback's address, without its query")
    event_id: str = Field(description="of the event")
    event_type: str = Field(description="of the event, such as `cleanplate.asset.delivered.v1`")
    subject: str = Field(description="what the event is about: an asset's id")
    state: DeliveryState
    attempts: int = Field(ge=0, description="so far; from 0 again after a resend")
    status: int | None = Field(default=None, description="HTTP status of the last answer that was no yes")
    reason: str | None = Field(default=None, description="why the last attempt failed")
    next_at: Moment | None = Field(default=None, description="when it is tried again, about")
    created_at: Moment = Field(description="when the event was to be told")
    updated_at: Moment = Field(description="of the last attempt")


class DeliveryPage(Answer):
    """Deliveries of one state, the latest first."""

    deliveries: list[DeliveryShown] = Field(description="at most 50")
    cursor: Cursor


class DeliveryQuestion(BaseModel):
    """Which deliveries are listed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    state: DeliveryState = Field(default=DeliveryState.FAILED, description="how far they came")
    cursor: str | None = Field(default=None, max_length=200, description="where the page begins, from the one before")
