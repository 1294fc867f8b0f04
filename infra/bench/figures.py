"""A figure, what it may be at most, and the table of all of them."""

from collections.abc import Sequence
from typing import NamedTuple

from infra.cli.tables import draw_table


class Figure(NamedTuple):
    """One measured figure; it holds when it is not above its limit."""

    name: str
    measured: float
    limit: float
    unit: str
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.measured <= self.limit


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    rows = [
        (
            figure.name,
            _amount(figure.measured, figure.unit),
            f"at most {_amount(figure.limit, figure.unit)}",
            "PASS" if figure.holds else "FAIL",
            figure.detail,
        )
        for figure in figures
    ]
    draw_table(("figure", "measured", "target", "", "how"), rows)


def _amount(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}" if unit == "s" else f"{value:.0f} {unit}"
