"""Withdrawal: what was delivered is taken back, for a reason that can be counted."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from schemas.moments import Moment
from schemas.pointers import Document
from schemas.review import Person

WithdrawalReason = Literal["rights", "privacy", "wrong-picture", "quality", "outdated", "other"]
"""Why something is taken back, in one word: it stands in the manifest, which the world reads."""
Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class WithdrawalOrder(Document):
    """What somebody says who takes a delivery back."""

    reason: WithdrawalReason = Field(description="in one word; the manifest says it to everybody")
    comment: Remark | None = Field(default=None, description="for people here; never published")

    @property
    def why(self) -> str:
        """Both, in one line."""
        return f"{self.reason}: {self.comment}" if self.comment else self.reason


class Withdrawal(Document):
    """How a delivery was taken back. Until ``done_at`` its files are still being taken away."""

    at: Moment
    by: Person
    reason: WithdrawalReason
    done_at: Moment | None = None


def withdrawn_manifest(manifest: dict[str, Any], *, at: str, reason: WithdrawalReason) -> dict[str, Any]:
    """Write a manifest that names no file any more, and says why. Whoever looks for files alone finds an empty list.

    Parameters
    ----------
    manifest
        As it stands; what it says of the picture stays.
    at
        When it was taken back, as documents write times.
    """
    empty: dict[str, Any] = {name: [] for name in ("renditions", "sources") if name in manifest}
    kept = {name: value for name, value in manifest.items() if name != "fallback"}
    return {**kept, **empty, "withdrawn": {"at": at, "reason": reason}}
