"""Two runs on one page: what is otherwise, and their pictures with a map of the differences, all in one file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from infra.report.difference import PicturePair
from infra.report.facts import Section
from schemas.http.replays import RunStages

_HERE = Path(__file__).parent


def write_diff(
    one: RunStages, other: RunStages, found: Sequence[Section], pictures: Sequence[PicturePair], path: Path
) -> None:
    """Write the page.

    Parameters
    ----------
    found
        The rows, see ``infra.report.facts``; sections without a row are listed as the same.
    path
        The HTML file; its folder must exist.
    """
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    html = environment.get_template("diff.html.j2").render(
        runs=(one, other),
        written_at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        style=Markup("".join((_HERE / name).read_text() for name in ("page.css", "diff.css"))),  # noqa: S704  our own
        same=[section.name for section in found if section.same],
        sections=[section for section in found if section.rows or section.missing],
        pictures=pictures,
    )
    path.write_text(html, encoding="utf-8", errors="replace")
