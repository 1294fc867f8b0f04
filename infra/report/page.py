"""The page: one HTML file with everything in it, so that it can be mailed, archived and opened anywhere."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from infra.client import AssetView, StageView
from infra.report.previews import Crop, crop_pair, mask_preview, open_upright, preview
from infra.report.record import delivered_files, seconds_of
from schemas.readings import Reading, readings
from schemas.stage import EditedArea

_HERE = Path(__file__).parent
_MOST_CROPS = 4


@dataclass(frozen=True)
class Entry:
    """One asset on the page.

    ``before``, ``mask`` and ``after`` are local files; ``after`` is the picture at native size, delivered or waiting
    for a person. ``files`` are delivered files on this disk, linked relative to the page.
    """

    asset: AssetView
    title: str
    before: Path
    story: str = ""
    mask: Path | None = None
    after: Path | None = None
    files: Sequence[Path] = field(default_factory=tuple)


def write_report(entries: Sequence[Entry], path: Path, *, title: str = "Cleanplate") -> None:
    """Write the page.

    Parameters
    ----------
    entries
        In the order in which they are shown.
    path
        The HTML file; its folder must exist.
    """
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True)
    html = environment.get_template("page.html.j2").render(
        title=title,
        written_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        style=Markup((_HERE / "page.css").read_text()),  # noqa: S704  our own file
        sections=[_section(entry, path.parent) for entry in entries],
    )
    path.write_text(html, encoding="utf-8")


def _section(entry: Entry, folder: Path) -> dict[str, Any]:
    asset = entry.asset
    before = open_upright(entry.before)
    after = open_upright(entry.after) if entry.after else None
    return {
        "entry": entry,
        "asset": asset,
        "status": asset.status.value,
        "before": preview(before),
        "mask": mask_preview(before, open_upright(entry.mask)) if entry.mask else None,
        "after": preview(after) if after else None,
        "crops": _crops(asset, before, after),
        "readings": _readings(asset),
        "stages": _timeline(asset.stages),
        "seconds": seconds_of(asset),
        "delivered": delivered_files(asset),
        "files": [(file.name, file.relative_to(folder).as_posix()) for file in entry.files],
    }


def _crops(asset: AssetView, before: Image.Image, after: Image.Image | None) -> list[Crop]:
    """The largest edited areas at 100 %."""
    if after is None or after.size != before.size:
        return []
    areas: list[EditedArea] = next((stage.areas for stage in reversed(asset.stages) if stage.areas), [])
    largest = sorted(areas, key=lambda area: -area.hole_pixels)[:_MOST_CROPS]
    return [crop_pair(before, after, area.box, area.model) for area in largest]


def _readings(asset: AssetView) -> list[Reading]:
    """Signals of all assessments; the one at native size comes first and its names are not repeated."""
    found: dict[str, Reading] = {}
    for stage in asset.stages:
        for reading in readings(stage.signals) if stage.signals else []:
            found.setdefault(reading.name, reading)
    return list(found.values())


def _timeline(stages: Sequence[StageView]) -> list[dict[str, Any]]:
    """Each stage with its place on a common axis, in percent of the run."""
    if not stages:
        return []
    began = min(stage.started_at for stage in stages)
    total = max((stage.ended_at - began).total_seconds() for stage in stages) or 1.0
    return [
        {
            "stage": stage,
            "left": round(100 * (stage.started_at - began).total_seconds() / total, 2),
            "width": round(max(100 * stage.wall_seconds / total, 0.6), 2),
        }
        for stage in stages
    ]
