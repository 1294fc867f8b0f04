"""A figure, what it may be at most, and the table of all of them."""

import statistics
import time
from collections.abc import Callable, Sequence
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


def seconds_of(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """Ask that often, in turn, after once that does not count; return the 95th percentile and the median in seconds."""
    ask()  # the function is cold once
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return statistics.quantiles(took, n=20)[-1], statistics.median(took)


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
