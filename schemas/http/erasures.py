"""Erasures as the API shows them."""

from typing import Literal

from pydantic import Field

from schemas.erasure import AnyReason
from schemas.http.answer import Answer, AssetId
from schemas.records import Moment
from schemas.review import Person


class ErasureShown(Answer):
    """How far an erasure is, and who wanted it. It stays as long as the deployment does."""

    asset_id: AssetId
    state: Literal["erasing", "erased"] = Field(description="`erasing` while something is left that is to go")
    at: Moment = Field(description="when it was ordered; UTC")
    by: Person = Field(description="who ordered it")
    reason: AnyReason = Field(description="why, in one word; `retention`: it was kept for as long as anything is")
    done_at: Moment | None = Field(default=None, description="when everything was gone; UTC")
    objects: int = Field(ge=0, description="versions of objects that were taken away in the last pass")
    records: int = Field(ge=0, description="records that were taken away in the last pass")
