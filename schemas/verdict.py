"""A person's verdict on a result, with what was claimed of it: the examples that a confidence is held against."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.audit import AUDIT
from schemas.finding import MOST_FINDINGS, Finding
from schemas.names import ModelName
from schemas.pointers import Document
from schemas.records import Moment
from schemas.signals import Signals

Reason = Literal[
    "incomplete", "visible-repair", "wrong-place", "invented", "text", "face", "logo", "colour", "not-sharp", "other"
]
"""What is wrong, in one word, so that it can be counted."""
Judged = Literal["approve", "reject", "redo"]
Comment = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Opinion(Document):
    """What a person says.

    ``unchanged`` is false where a picture was approved only after somebody touched it up: as it came it was not good
    enough, and it counts as that. A rejected picture is delivered as it came (``original``), or not at all
    (``nothing``). ``redo`` is what a person says by having it made again.
    """

    verdict: Judged
    unchanged: bool = True
    reason: Reason | None = None
    comment: Comment | None = None
    deliver: Literal["original", "nothing"] | None = None

    @model_validator(mode="after")
    def _delivers_only_what_was_rejected(self) -> "Opinion":
        if self.deliver is not None and self.verdict != "reject":
            raise ValueError("`deliver` says what becomes of a rejected picture")
        return self

    @model_validator(mode="after")
    def _has_a_reason(self) -> "Opinion":
        if self.verdict == "reject" and self.reason is None:
            raise ValueError("a rejection needs a `reason`")
        return self


class Verdict(Document):
    """An opinion, whose and when, and what the machine had said of the result. It is never changed.

    ``who`` is the identity that signed the request, and never what the request says of itself.
    """

    asset_id: str
    run_id: str
    opinion: Opinion
    who: str = Field(min_length=1, max_length=2048)
    name: str | None = Field(default=None, description="of whoever gave it, for people to read")
    given_at: Moment
    rule: str
    recipe: str = Field(description="`name@version`")
    model: ModelName | None = Field(default=None, description="what filled, made or enlarged it")
    confidence: float | None = Field(default=None, ge=0, le=1)
    signals: Signals | None = None
    findings: list[Finding] = Field(default=[], max_length=MOST_FINDINGS)

    @property
    def good(self) -> bool:
        """Whether the result was good enough as it came."""
        return self.opinion.verdict == "approve" and self.opinion.unchanged

    @property
    def audited(self) -> bool:
        """Whether chance chose the result, and no score: only these speak for all deliveries."""
        return self.rule == AUDIT
