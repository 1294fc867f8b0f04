"""Figures into a page that people have written: what stands between two marks is replaced, the rest is theirs."""

from pathlib import Path

from schemas.errors import BadInput

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def write_into(page: Path, figures: str) -> None:
    """Replace the figures of a page.

    Raises
    ------
    BadInput
        ``page`` where the two marks are not in it, once each and in order.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise BadInput(f"{page} has no place for figures: {BEGIN} and {END}, once each.", code="page")
    page.write_text(f"{before}{BEGIN}\n\n{figures.strip()}\n\n{END}{after}", encoding="utf-8")
