"""Hooks of content systems, as the API shows them."""

from pydantic import Field

from schemas.hook import HookRecord
from schemas.http.answer import OPEN, Answer
from schemas.http.fetches import FetchShown


class HookShown(HookRecord):
    """A hook. Its secret is never shown again."""

    model_config = OPEN

    path: str = Field(description="where events are to be posted, below the API's address")


class HookMade(HookShown):
    """A hook, with its secret if that was made just now."""

    secret: str | None = Field(
        default=None, description="told once; absent where it was kept, or came with the request"
    )


class HookList(Answer):
    """The hooks of this deployment."""

    hooks: list[HookShown] = Field(description="by name")


class EventTaken(Answer):
    """What an event led to."""

    fetches: list[FetchShown] = Field(description="one for each picture that it tells of")
