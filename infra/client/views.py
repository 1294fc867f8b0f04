"""What the API shows of an asset: the records themselves, plus short-lived links.

Fields that a newer deployment adds are ignored, so that an older client keeps working.
"""

from html import escape
from pathlib import PurePosixPath
from typing import NamedTuple

from pydantic import ConfigDict, Field

from schemas.http.reviews import TrailShown
from schemas.records import AssetRecord, StageRecord
from schemas.stage import Stage

_AT_NATIVE_SIZE = (Stage.REFINE, Stage.GENERATE)
_LAST_FIRST = (Stage.UPSCALE, *_AT_NATIVE_SIZE, Stage.PREVIEW)
_TOLERANT = ConfigDict(frozen=True, extra="ignore")


class StageView(StageRecord):
    """One stage of the current run."""

    model_config = _TOLERANT

    @property
    def seconds(self) -> float:
        """Wall time, queues and transfers included, rounded to a millisecond."""
        return round(self.wall_seconds, 3)


class AssetView(AssetRecord):
    """An asset's standing. ``stages``, ``trail`` and ``links`` are filled where one asset is asked for."""

    model_config = _TOLERANT

    stages: list[StageView] = []
    trail: list[TrailShown] = []
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
    def best_image(self) -> "ImageLink | None":
        """The largest picture that the run made; ``None`` where it made none.

        Delivered files come first; a picture that waits for a person is the enlargement, the repaired one, the scene
        or, where the chain stopped at it, the scene's preview.
        """
        renditions = self.outcome.renditions if self.outcome else []
        if renditions:
            largest = max(renditions, key=lambda rendition: rendition.width)
            return self._linked(f"delivered.{largest.name}", largest.key)
        made = {stage.stage: stage.outputs["image"].key for stage in self.stages if "image" in stage.outputs}
        last = next((stage for stage in _LAST_FIRST if stage in made), None)
        return self._linked(f"{last}.image", made[last]) if last else None

    @property
    def native_image(self) -> "ImageLink | None":
        """The picture at native size: repaired, generated, or delivered untouched."""
        for stage in self.stages:
            if stage.stage in _AT_NATIVE_SIZE and "image" in stage.outputs:
                return self._linked(f"{stage.stage}.image", stage.outputs["image"].key)
        native = (
            next((file for file in self.outcome.renditions if file.name == "native"), None) if self.outcome else None
        )
        return self._linked("delivered.native", native.key) if native else None

    def _repr_html_(self) -> str:
        """Show it in a notebook: how it stands, and why. No links: they are for now, and a notebook is kept."""
        outcome = self.outcome
        rows = {
            "asset": self.asset_id,
            "key": self.source.key,
            "status": self.status.value,
            "reason": outcome.reason if outcome else None,
            "confidence": f"{self.confidence:.2f}" if self.confidence is not None else None,
            "stages": ", ".join(f"{stage.stage} {stage.seconds:.1f} s" for stage in self.stages),
            "files": ", ".join(file.key for file in outcome.renditions) if outcome else None,
        }
        shown = (f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows.items() if text)
        return f"<table>{''.join(shown)}</table>"

    def _linked(self, name: str, key: str) -> "ImageLink | None":
        return ImageLink(self.links[name], PurePosixPath(key).suffix) if name in self.links else None


class ImageLink(NamedTuple):
    """A link that lasts some minutes, and the ending of the file behind it, with its dot."""

    url: str
    ending: str
