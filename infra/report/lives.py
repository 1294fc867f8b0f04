"""The lives of assets as one HTML file with everything in it, to be mailed, archived and opened anywhere."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra.report import life_words
from infra.report.life_events import events_of
from infra.report.prints import Prints
from schemas.http.life import AssetLife

LARGEST = 50_000_000
"""Bytes of pictures in one file: what browsers open without a thought. Beyond it they are left out, and it is said."""
Fetch = Callable[[str], bytes | None]
"""Loads what a link leads to; ``None`` where it cannot be had."""
_HERE = Path(__file__).parent


def write_lives(
    lives: Iterable[AssetLife],
    path: Path,
    fetch: Fetch | None,
    *,
    title: str = "Cleanplate",
    largest: int = LARGEST,
    left_out: int = 0,
) -> int:
    """Write the file; return how many pictures had no room in it.

    Parameters
    ----------
    lives
        In the order in which they are shown; each is asked for when its turn comes, and its links are used at once.
    fetch
        Loads the small pictures; without it there are none.
    largest
        Bytes that all pictures together may take.
    left_out
        Assets that were to be shown and are not, to be said on the page.
    """
    prints = Prints(fetch, largest)
    sections = [_section(life, prints) for life in lives]
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {
        "json": lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
        "stage": life_words.stage_words,
        "status": life_words.status_words,
        "size": life_words.bytes_words,
        "span": life_words.span_words,
    }
    html = environment.get_template("lives.html.j2").render(
        title=title,
        megapixels=life_words.megapixels_words,
        written_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        style=Markup((_HERE / "page.css").read_text() + (_HERE / "lives.css").read_text()),  # noqa: S704  our own files
        sections=sections,
        counts=_counts(sections),
        without=prints.without_room,
        left_out=left_out,
    )
    path.write_text(html, encoding="utf-8", errors="replace")
    return prints.without_room


def _section(life: AssetLife, prints: Prints) -> dict[str, Any]:
    asset = life.asset
    original = prints.of(life.original)
    made = [stage for run in life.runs for stage in run.stages if "image" in stage.pictures]
    return {
        "life": life,
        "asset": asset,
        "original": original,
        "result": prints.of(made[-1].pictures["image"]) if made else None,
        "events": events_of(life, original, prints),
        "prints": prints.taken(),
    }


def _counts(sections: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    found = Counter(section["asset"].status.value for section in sections)
    return found.most_common()
