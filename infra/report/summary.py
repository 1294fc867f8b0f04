"""The summary of a batch: a page that shows first what somebody has to look at, and the same as CSV."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra.report.record import Record
from infra.report.sheet import write_csv
from infra.report.thumbnails import thumbnail

PAGE, SHEET = "index.html", "batch.csv"
_HERE = Path(__file__).parent
_ORDER = (
    ("FAILED", "Failed", "What could not be done. The originals are untouched."),
    ("REJECTED", "Refused", "What the deployment did not take, or a person said no to."),
    ("QUARANTINED", "Quarantined", "What makes no sense as a picture, or as an order."),
    ("AWAITING_REVIEW", "Waiting for a person", "The least sure first. The review page has them all."),
    ("CANCELLED", "Cancelled", "What somebody stopped."),
    ("SUPERSEDED", "Overtaken", "What a newer upload took the place of."),
    ("WITHDRAWN", "Withdrawn", "What was delivered and taken back."),
    ("ERASED", "Erased", "What nothing is known of any more."),
    ("UNFINISHED", "Under way", "What was not waited for."),
    ("DELIVERED", "Delivered", "The least sure first."),
)
"""What somebody has to look at comes first."""


def write_summary(
    records: Sequence[Record], folder: Path, *, title: str = "Batch", originals: Mapping[str, Path] | None = None
) -> Path:
    """Write ``index.html`` and ``batch.csv`` into a folder; return the page.

    Parameters
    ----------
    originals
        The pictures as they were, by the records' ``file``, where they lie on this disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(records, folder / SHEET)
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("summary.html.j2").render(
        title=title,
        written_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        style=Markup((_HERE / "page.css").read_text() + (_HERE / "summary.css").read_text()),  # noqa: S704  our own
        sheet=SHEET,
        total=len(records),
        facts=_facts(records),
        groups=_groups(records, folder, originals or {}),
    )
    path = folder / PAGE
    path.write_text(page, encoding="utf-8", errors="replace")
    return path


def _facts(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Give the numbers of the whole."""
    costs = [record["cost"] for record in records if record["cost"] is not None]
    sure = sorted(record["confidence"] for record in records if record["confidence"] is not None)
    seconds = sorted(record["seconds"] for record in records if record["seconds"] is not None)
    facts = [("pictures", f"{len(records):,}")]
    if costs:
        facts.append(("cost of the models", f"${sum(costs):,.4f}"))
    if seconds:
        facts.append(("seconds, the middle one", f"{seconds[len(seconds) // 2]:.1f}"))
    if sure:
        facts.append(("confidence, the middle one", f"{sure[len(sure) // 2]:.2f}"))
    return facts


def _groups(records: Sequence[Record], folder: Path, originals: Mapping[str, Path]) -> list[dict[str, Any]]:
    groups = []
    for outcome, name, words in _ORDER:
        found = [(number, record) for number, record in enumerate(records, 1) if record["outcome"] == outcome]
        found.sort(key=lambda pair: (pair[1]["confidence"] is None, pair[1]["confidence"] or 0.0))
        rows = [_row(number, record, folder, originals) for number, record in found]
        if rows:
            share = 100 * len(rows) / len(records)
            groups.append({"outcome": outcome.lower(), "name": name, "words": words, "rows": rows, "share": share})
    return groups


def _row(number: int, record: Record, folder: Path, originals: Mapping[str, Path]) -> dict[str, Any]:
    saved = Path(record["output"]) if record["output"] else None
    return {
        "record": record,
        "before": thumbnail(originals.get(record["file"]), folder, f"{number:05}-before"),
        "after": thumbnail(saved, folder, f"{number:05}-after"),
        "saved": (saved.name, _address(saved, folder)) if saved else None,
        "places": [file["uri"] for file in record["delivered"] if file["uri"]],
    }


def _address(file: Path, folder: Path) -> str:
    """Write a relative link, so that results and report can be moved together."""
    return quote(Path(os.path.relpath(file, folder)).as_posix(), errors="surrogateescape")
