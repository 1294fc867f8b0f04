"""One review with all that a person needs to decide."""

from typing import Literal

from pydantic import Field

from schemas.finding import MOST_FINDINGS, Finding
from schemas.http.answer import Answer, Link, RunId
from schemas.http.proofs import ProofsShown
from schemas.http.reviews import ReviewFacts
from schemas.names import ModelName
from schemas.records import Moment
from schemas.review import ReviewState
from schemas.stage import Stage
from schemas.verdict import Judged, Reason


class ReadingShown(Answer):
    """A measured signal in words."""

    name: str = Field(description="what was measured, for people to read")
    value: str = Field(description="with its unit")
    words: str = Field(description="what that looks like")
    level: Literal["good", "fair", "poor"] = Field(description="for the eye; decides nothing")


class StageRow(Answer):
    """One stage of the run in one row."""

    stage: Stage
    model: ModelName | None = Field(description="`null` where no model was at work")
    version: str | None = Field(description="of the model")
    licence: str | None = Field(description="of the model's weights")
    seconds: float | None = Field(ge=0, description="in the model and its pictures, else from asking to answering")
    started_at: Moment = Field(description="UTC")
    note: str | None = Field(description="a decision's reason, or what a check found")


class Earlier(Answer):
    """Another review of the same asset."""

    run_id: RunId
    opened_at: Moment = Field(description="UTC")
    state: ReviewState
    reason: str = Field(description="why a person was asked")


class Parent(Answer):
    """The attempt that this one is a redo of."""

    run_id: RunId
    proofs: ProofsShown | None = Field(description="`null` where there are none any more")


class May(Answer):
    """What the caller can do with a review now; the same is checked again when they do it."""

    approve: bool = Field(description="whether there is a result that can be delivered")
    approve_why_not: str | None = Field(description="one sentence, where it cannot be approved")
    reject: bool = Field(description="whether it waits, nobody else holds it, and it is about the run that counts")
    redo: bool = Field(description="whether it can be made again with changes")


class SecondPerson(Answer):
    """Whether two people must approve."""

    required: bool = Field(description="whether the recipe's policy asks for two")
    first: str | None = Field(description="name of whoever approved already")


class Choices(Answer):
    """What may be chosen, and what a redo can say otherwise."""

    models: list[ModelName] = Field(description="that could fill instead: all that a recipe of this deployment names")
    reasons: list[Reason] = Field(description="for a verdict or a redo")
    prompt: bool = Field(description="whether other words would be heard")
    rights: bool = Field(description="whether the rights are to be stated and nobody has")


class VerdictRow(Answer):
    """The verdict that decided a review."""

    who: str = Field(description="name of whoever gave it")
    verdict: Judged = Field(description="`redo`: it was made again with changes")
    reason: Reason | None = Field(description="what was wrong, in one word")
    comment: str | None = Field(description="at most 500 characters")
    given_at: Moment = Field(description="UTC")


class ReviewItem(ReviewFacts):
    """A review with what is needed to decide."""

    findings: list[Finding] = Field(max_length=MOST_FINDINGS, description="what the guards found, and where")
    prompt: str | None = Field(description="what the picture is to show")
    negative_prompt: str | None = Field(description="what it is not to show")
    width: int | None = Field(gt=0, description="pixels of the native picture, upright")
    height: int | None = Field(gt=0, description="pixels of the native picture, upright")
    signals: list[ReadingShown] = Field(description="what was measured, in words")
    stages: list[StageRow] = Field(description="behind this result, in their order")
    proofs: ProofsShown | None = Field(description="`null` while they are being made: ask again")
    files: dict[str, Link] = Field(description="at full size: `before`, `after`, and `mask` where there is one")
    earlier: list[Earlier] = Field(description="reviews of other attempts at the same asset, the oldest first")
    parent: Parent | None = Field(description="`null` for what is no redo")
    may: May
    second_person: SecondPerson
    choices: Choices
    verdict: VerdictRow | None = Field(description="`null` until it is decided by a person")
    next_run: RunId | None = Field(description="the run that the verdict led to")
