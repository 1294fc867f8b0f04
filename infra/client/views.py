"""What the API shows of an asset: the records themselves, plus short-lived links.

Fields that a newer deployment adds are ignored, so that an older client keeps working.
"""

from pydantic import ConfigDict, Field

from schemas.records import AssetRecord, StageRecord

_TOLERANT = ConfigDict(frozen=True, extra="ignore")


class StageView(StageRecord):
    """One stage of the current run."""

    model_config = _TOLERANT

    @property
    def seconds(self) -> float:
        """Wall time, queues and transfers included, rounded to a millisecond."""
        return round(self.wall_seconds, 3)


class AssetView(AssetRecord):
    """An asset's standing. ``stages`` and ``links`` are empty in lists and filled where one asset is asked for."""

    model_config = _TOLERANT

    stages: list[StageView] = []
    links: dict[str, str] = Field(default={}, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing moves on by itself any more."""
        return self.status.is_outcome

    @property
    def confidence(self) -> float | None:
        """Confidence of the last assessment, 0..1."""
        return self.outcome.confidence if self.outcome else None

    @property
    def best_image(self) -> str | None:
        """Name of the link to the largest picture that the run made; ``None`` where it made none.

        Delivered files come first; a picture that waits for a person is the enlargement or the repaired one.
        """
        renditions = self.outcome.renditions if self.outcome else []
        if renditions:
            return "delivered." + max(renditions, key=lambda rendition: rendition.width).name
        return next((name for name in ("upscale.image", "refine.image") if name in self.links), None)
