"""Replays, and what runs made, as the API shows them."""

from typing import Literal

from pydantic import Field

from schemas.comparing import Change
from schemas.cost import Cost
from schemas.http.answer import OPEN, Answer, AssetId, Link, RunId
from schemas.records import Outcome, StageRecord
from schemas.replay import Sameness


class StageReplayShown(Answer):
    """One stage of the run, and what became of it when it was done again."""

    stage: str = Field(description="of the chain; or `review`, which people did")
    number: int = Field(ge=1, description="which time, of a stage that ran several times with other models")
    sameness: Sameness
    model: str | None = Field(default=None, description="`name@version` that did it the first time")
    made: list[Change] = Field(default=[], description="what came out otherwise")
    because: list[Change] = Field(default=[], description="what was otherwise about how it was made")
    note: str = ""


class ReplayShown(Answer):
    """How a replay stands, and what it found out. What says nothing is left out."""

    run_id: RunId
    replay_of: RunId
    asset_id: AssetId
    state: Literal["running", "done", "stopped"] = Field(description="`stopped`: it came no further, see `reason`")
    identical: bool | None = Field(default=None, description="whether all that was repeated made the same bytes")
    code: str | None = Field(default=None, description="short stable word for how it ended")
    reason: str | None = Field(default=None, description="the same, for people")
    stages: list[StageReplayShown] = Field(default=[], description="in the order of the run")
    cost: Cost | None = Field(default=None, description="what the models took")


class StageShown(StageRecord):
    """One stage as it is written down."""

    model_config = OPEN


class RunStages(Answer):
    """What each stage of a run made, and how; with links to the pictures."""

    run_id: RunId
    asset_id: AssetId
    key: str = Field(description="of the original, folders included")
    recipe: str = Field(description="`name@version`")
    recipe_sha256: str = Field(description="of the recipe as the run used it")
    attempt: int = Field(ge=1)
    outcome: Outcome | None = None
    stages: list[StageShown] = Field(description="those of the run itself, in the order of their start")
    links: dict[str, Link] = Field(default={}, description="`original`, `mask.mask`, `refine.image` ...")
