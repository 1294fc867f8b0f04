"""What lists are asked with: the parameters of their addresses."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.asset import Status
from schemas.pointers import Document
from schemas.queue import LARGEST_PAGE, Filters
from schemas.tally import By

_CURSOR = "where the page begins: the `cursor` that the page before gave"


class ReviewQuestion(Filters):
    """Which waiting reviews, and which page of them."""

    cursor: str | None = Field(default=None, max_length=200, description=_CURSOR)
    limit: int = Field(default=50, ge=1, le=LARGEST_PAGE, description="reviews in one page")


class AssetQuestion(Document):
    """Which assets, or the one under a key."""

    status: Status | None = Field(default=None, description="how they stand; any without it")
    recipe: str | None = Field(default=None, max_length=150, description="`name`, or `name@version`")
    tag: str | None = Field(default=None, max_length=150, description="`name`, or `name:text`")
    batch: str | None = Field(default=None, max_length=150, description="name of a batch")
    key: str | None = Field(default=None, description="of the inbox; names one asset, whatever its status")
    folder: str | None = Field(
        default=None, max_length=1024, description="beginning of keys: what lies in the inbox under them, key by key"
    )
    cursor: str | None = Field(default=None, max_length=1024, description=_CURSOR)


class ProvenanceQuestion(Document):
    """Which runs: by one of a model, a weight file, a recipe and a reviewer, or by days alone."""

    model: str | None = Field(default=None, max_length=100, description="`name`, or `name@version`")
    weights: str | None = Field(default=None, pattern="^[0-9a-f]{64}$", description="SHA-256 of a weight file")
    recipe: str | None = Field(default=None, max_length=100, description="`name`, or `name@version`")
    reviewer: str | None = Field(
        default=None, max_length=2048, description="name or identity of whoever gave a verdict on it"
    )
    part: Literal["made", "chose", "measured", "tried"] | None = Field(
        default=None, description="what the model did; with `model` or `weights` alone"
    )
    day: date | None = Field(default=None, description="the day on which it ended, UTC; without `from` and `to`")
    from_: date | None = Field(default=None, alias="from", description="first day, UTC")
    to: date | None = Field(default=None, description="last day, UTC")
    status: str | None = Field(default=None, max_length=30, description="how it ended, such as `delivered`")
    cursor: str | None = Field(default=None, max_length=200, description=_CURSOR)


class VerdictQuestion(Document):
    """Which page of the verdicts."""

    cursor: str | None = Field(default=None, max_length=200, description=_CURSOR)


class VersionQuestion(Document):
    """Which page of a recipe's versions."""

    cursor: str | None = Field(default=None, max_length=6, description=_CURSOR)


class CostQuestion(Document):
    """Which days, and what is added up."""

    from_: date | None = Field(default=None, alias="from", description="first day, UTC; 29 days before `to` without it")
    to: date | None = Field(default=None, description="last day, UTC, 366 days after `from` at most; today without it")
    by: By = Field(default="day", description="what is added up")
