"""The queue of reviews, claims, verdicts and trials as the API shows them."""

from typing import Literal

from pydantic import Field

from schemas.bulk import ReviewName
from schemas.http.answer import OPEN, Answer, AssetId, Cursor, Link, RunId
from schemas.http.proofs import ProofsShown
from schemas.queue import Counts
from schemas.records import Moment
from schemas.review import ReviewState
from schemas.trail import TrailEntry
from schemas.verdict import Verdict


class ReviewFacts(Answer):
    """What a row of the queue and a whole review have in common."""

    asset_id: AssetId
    run_id: RunId
    name: str = Field(description="of the file that was uploaded, without its folders")
    recipe: str = Field(description="`name@version`")
    rule: str = Field(description="which rule asked a person")
    reason: str = Field(description="why, as a sentence")
    confidence: float | None = Field(ge=0, le=1, description="that a careful person would accept it; `null`: unknown")
    opened_at: Moment = Field(description="UTC")
    expires_at: Moment | None = Field(description="when it is decided without people; UTC")
    attempt: int = Field(ge=1, description="1 for the first run of an asset, one more for each that followed")
    state: ReviewState = Field(description="`open` and `needs_second` wait for a person")
    claimed_by: str | None = Field(description="name of whoever looks at it now")
    claimed_until: int | None = Field(description="when that claim ends, seconds since 1970")
    mine: bool = Field(description="whether the caller holds it")
    thumbnail: Link


class ReviewSummary(ReviewFacts):
    """A waiting review in one row."""

    findings: int = Field(ge=0, description="how many places the guards found")


class ReviewPage(Answer):
    """Waiting reviews, in the order in which people should look."""

    items: list[ReviewSummary] = Field(description="may be fewer than asked for, or none, and more to come")
    cursor: Cursor


class QueueCounts(Counts):
    """How many reviews wait, by the rule that asked and by recipe. ``at_least``: more wait than were counted."""

    model_config = OPEN


class Held(Answer):
    """A claim: nobody else can decide until it ends."""

    claimed_by: str = Field(description="the caller's name")
    claimed_until: int = Field(description="seconds since 1970, ten minutes from now; claim again to hold it longer")
    mine: Literal[True] = Field(description="always `true`")


class Decision(Verdict):
    """A verdict that was taken, how the review stands, and what follows."""

    model_config = OPEN

    state: ReviewState = Field(description="`needs_second`: another person must approve it too")
    next_run: RunId | None = Field(description="the run that carries it out; `null` where none has to")


class RunStarted(Answer):
    """A run that was started."""

    run_id: RunId


class Trial(Answer):
    """How a trial stands, and what it made."""

    state: Literal["running", "done", "failed"] = Field(description="ask again while it is running")
    reason: str | None = Field(description="why it failed, or what a rule objects to, as a sentence")
    proofs: ProofsShown | None = Field(description="`null` while they are being made")


class Refused(Answer):
    """One of several reviews that could not be approved."""

    asset_id: AssetId
    run_id: RunId
    code: str = Field(description="as in a problem document")
    detail: str = Field(description="one sentence for a person")


class ApprovedMany(Answer):
    """What became of several reviews. Each was decided alone."""

    approved: list[ReviewName] = Field(description="in the order in which they were given")
    need_second: list[ReviewName] = Field(description="approved too, and now another person has to agree")
    refused: list[Refused] = Field(description="what could not be approved, and why")


class TrailShown(TrailEntry):
    """One deed."""

    model_config = OPEN


class Trail(Answer):
    """What was done with a review."""

    entries: list[TrailShown] = Field(description="the oldest first")


class VerdictShown(Verdict):
    """A verdict. What there is nothing to say about is left out."""

    model_config = OPEN


class VerdictPage(Answer):
    """All verdicts, page by page."""

    verdicts: list[VerdictShown] = Field(description="the oldest first")
    cursor: Cursor
