"""Webhooks out: who wants to be told of which outcomes, and each time that somebody was, or is to be."""

from enum import StrEnum
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from schemas.ids import digest
from schemas.job import CallbackUrl
from schemas.outcome_event import OutcomeEvent
from schemas.pointers import Document
from schemas.records import Moment

MOST_WEBHOOKS = 50
EventName = Literal[
    "delivered",
    "awaiting_review",
    "quarantined",
    "failed",
    "superseded",
    "rejected",
    "cancelled",
    "held",
    "withdrawn",
    "erased",
]
EVENTS: tuple[EventName, ...] = get_args(EventName)
RecipeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}(@[0-9]{1,6})?$")]


class WebhookOrder(Document):
    """What somebody wants to be told, and where."""

    url: CallbackUrl = Field(description="https address that takes the events")
    events: list[EventName] = Field(
        default=list(EVENTS), min_length=1, max_length=len(EVENTS), description="outcomes to be told of; else all"
    )
    recipes: list[RecipeName] | None = Field(
        default=None, min_length=1, max_length=50, description="`name` or `name@version`; else whatever the recipe"
    )


class WebhookRecord(WebhookOrder):
    """A registered webhook. Its secret is kept elsewhere."""

    webhook_id: str = Field(pattern=r"^w-[0-9a-f]{24}$", description="`w-` and 24 hex digits")
    created_at: Moment = Field(description="when it was registered")
    created_by: str = Field(description="who registered it")
    disabled_at: Moment | None = Field(default=None, description="since when nothing is sent to it any more")
    disabled_because: str | None = Field(default=None, description="one sentence")

    def wants(self, event: OutcomeEvent) -> bool:
        """Whether an outcome is to be told here."""
        recipe = event.data.recipe
        chosen = self.recipes is None or recipe in self.recipes or recipe.partition("@")[0] in self.recipes
        return self.disabled_at is None and chosen and event.data.status.lower() in self.events


class DeliveryState(StrEnum):
    """How far a delivery came."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryRecord(Document):
    """One event for one address. ``url`` is a callback's; where a webhook leads is known by its own record."""

    delivery_id: str = Field(pattern=r"^d-[0-9a-f]{40}$")
    event_id: str
    event_type: str
    subject: str = Field(description="what the event is about: an asset's id")
    webhook_id: str | None = None
    url: str | None = Field(default=None, repr=False)
    body: str = Field(repr=False, description="what is sent, to the byte")
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = Field(default=0, ge=0)
    status: int | None = Field(default=None, description="HTTP status of the last answer")
    reason: str | None = Field(default=None, description="why the last attempt failed")
    next_at: Moment | None = Field(default=None, description="when it is tried again")
    created_at: Moment
    updated_at: Moment
    expires_at: int = Field(description="when it is forgotten, in seconds since 1970")


def delivery_id(event_id: str, endpoint: str) -> str:
    """Name the delivery of one event to one endpoint: the receiver's key to notice a copy by."""
    return "d-" + digest("delivery", event_id, endpoint)[:40]


def payload(event: OutcomeEvent) -> str:
    """Write what is sent: the event, without the address that one of the receivers gave for himself."""
    return event.model_dump_json(exclude={"data": {"callback"}}, exclude_none=True)
