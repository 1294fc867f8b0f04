"""How the copy of an asset's delivery in a second bucket stands."""

from typing import Literal

from pydantic import Field

from schemas.pointers import Document
from schemas.records import Moment


class CopyOrder(Document):
    """Make the second target what the first one is of an asset."""

    asset_id: str


class CopyRecord(Document):
    """What was last tried. What is delivered stays delivered, whatever becomes of its copy."""

    asset_id: str
    bucket: str = Field(description="the second target")
    run_id: str | None = Field(default=None, description="the run whose files lie there, if any do")
    state: Literal["copied", "removed", "failed"]
    at: Moment
    code: str | None = Field(default=None, description="short stable word for why it failed")
    reason: str | None = Field(default=None, description="the same, for people")
