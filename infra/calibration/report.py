"""The figures of a confidence as tables, and the place in the docs where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from infra.calibration.figures import auroc, calibration_error, review_share
from infra.calibration.judging import Judged, as_arrays
from schemas.errors import BadInput

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
FEW = 10
"""Bad repairs below which the ranking within a kind says little; such rows are marked."""


def tables(sets: Mapping[str, Sequence[Judged]], heading: str) -> str:
    """Write the figures of each set: all of it, by kind of damage, by model."""
    parts = [heading, "", _table("set", {name: list(judged) for name, judged in sets.items()})]
    for name, judged in sets.items():
        parts += ["", f"By kind of damage, {name}:", "", _table("kind", _groups(judged, "kind"))]
    for name, judged in sets.items():
        parts += ["", f"By model, {name}:", "", _table("model", _groups(judged, "model"))]
    return "\n".join(parts)


def put_into(page: Path, text: str) -> None:
    """Replace what stands between the two marks of a page.

    Raises
    ------
    BadInput
        ``no_place`` where the page has no such marks.
    """
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BadInput(f"{page} has no place for figures between {BEGIN} and {END}.", code="no_place")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}")


def _groups(judged: Iterable[Judged], by: str) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for each in sorted(judged, key=lambda one: str(getattr(one, by))):
        groups.setdefault(str(getattr(each, by)), []).append(each)
    return groups


def _table(first: str, groups: Mapping[str, Sequence[Judged]]) -> str:
    rows = [
        f"| {first} | repairs | bad | unknown | AUROC | calibration error | good sent, at 95 % of the bad caught |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join(rows + [_row(name, judged) for name, judged in groups.items()])


def _row(name: str, judged: Sequence[Judged]) -> str:
    confidence, good = as_arrays(judged)
    bad = int((~good).sum())
    unknown = len(judged) - len(good)
    ranked, sent = auroc(confidence, good), review_share(confidence, good)
    few = " *" if ranked is not None and bad < FEW else ""
    error = f"{calibration_error(confidence, good):.3f}" if len(good) else "-"
    shown = "-" if ranked is None else f"{ranked:.2f}{few}"
    burden = "-" if sent is None else f"{sent:.0%}{few}"
    return f"| {name} | {len(judged)} | {bad} | {unknown} | {shown} | {error} | {burden} |"


def signs(first: Mapping[str, float], second: Mapping[str, float]) -> list[str]:
    """Name the features whose weight has another sign in the second fit: those are chance, and are to be dropped."""
    return [name for name, weight in first.items() if name in second and np.sign(weight) != np.sign(second[name])]
