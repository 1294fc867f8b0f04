"""Runs as the API shows them."""

from pydantic import Field

from schemas.asset import Status
from schemas.http.answer import OPEN, AssetId, RunId
from schemas.records import RunRecord
from schemas.stage import Stage


class RunShown(RunRecord):
    """One execution of the chain: what was ordered, resolved, and how it ended. What says nothing is left out."""

    model_config = OPEN

    run_id: RunId
    asset_id: AssetId
    status: Status = Field(description="how it stands, or how it ended")
    stage: Stage | None = Field(default=None, description="the step it is at, while it is under way")
