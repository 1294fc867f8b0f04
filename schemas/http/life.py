"""The life of an asset as the API tells it: its runs with all their stages, what people did, and its files."""

from pydantic import Field

from schemas.cost import Cost
from schemas.http.answer import Answer, Link, RunId
from schemas.http.assets import AssetShown, RunRow, StageShown
from schemas.http.copies import CopyShown
from schemas.http.item import ReadingShown
from schemas.http.reviews import TrailShown
from schemas.policy import Route
from schemas.rendition import Rendition
from schemas.review import ReviewState
from schemas.stage import MOST_PLACES, Detection, EditedArea


class Seen(Answer):
    """Where something can be seen: small at once, and the file itself."""

    small: Link | None = Field(default=None, description="at most 640 pixels a side; missing while it is being made")
    file: Link = Field(description="the file as it is")


class StageLife(StageShown):
    """One stage, with what can be seen of it. What there is nothing to say about is left out."""

    areas: list[EditedArea] = Field(default=[], max_length=MOST_PLACES, description="the largest first")
    areas_left_out: int = Field(default=0, ge=0, description="areas beyond those, the smallest ones")
    detections: list[Detection] = Field(default=[], max_length=MOST_PLACES)
    readings: list[ReadingShown] = Field(default=[], description="what was measured, in words")
    pictures: dict[str, Seen] = Field(default={}, description="`image`, and `mask` as a layer for the upload")


class RunLife(RunRow):
    """One run with the stages that it did itself; what it kept of its parent's stands there."""

    stages: list[StageLife] = Field(description="in the order of their start")
    parent: RunId | None = Field(default=None, description="the run whose work it kept")
    route: Route | None = Field(default=None, description="where the policy sent it")
    rule: str | None = Field(default=None, description="the rule of the policy that decided")
    confidence: float | None = Field(default=None, ge=0, le=1)
    cost: Cost | None = Field(default=None, description="what its models took")
    review: ReviewState | None = Field(default=None, description="how the review stands that it led to")
    renditions: list[Rendition] = Field(default=[], description="what it delivered")


class FileShown(Rendition):
    """One delivered file, to be downloaded."""

    link: Link


class AssetLife(Answer):
    """All that is known of an asset, in the order in which it happened."""

    asset: AssetShown
    name: str = Field(description="of the file that was uploaded, without its folders")
    original: Seen | None = Field(default=None, description="missing once it is erased")
    runs: list[RunLife] = Field(max_length=20, description="the latest, the oldest of them first; trials are not shown")
    trail: list[TrailShown] = Field(description="what people did, the oldest deed first")
    copies: list[CopyShown] = Field(default=[], description="in the second target, where there is one")
    files: list[FileShown] = Field(description="what is delivered at the moment")
    missing: int = Field(ge=0, description="small pictures that are not made yet; ask for them to be made")


class MiniaturesAsked(Answer):
    """That small pictures are being made."""

    missing: int = Field(ge=0, description="how many are not there yet; with none nothing was asked for")
