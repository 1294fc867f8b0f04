"""Measurements as tables in Markdown: a row for each kind and method, the median and the worst in each cell."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from infra.bench.quality.columns import CLEAN, ENLARGED, FILLS, FOUND, MARKS, Column
from infra.bench.quality.measure import Row

Rule = tuple[str, Sequence[Column], Callable[[Row], bool]]


def _given(*tasks: str) -> Callable[[Row], bool]:
    return lambda row: row["task"] in tasks and not row["kind"].endswith("none")


def _found(*tasks: str) -> Callable[[Row], bool]:
    return lambda row: row["task"] in tasks and row["kind"].endswith("none")


TABLES: tuple[Rule, ...] = (
    ("Holes", FILLS, _given("hole")),
    ("Grain", FILLS, _given("grain")),
    ("Watermarks, mask given", MARKS, _given("wm")),
    ("Watermarks, nothing given", FOUND, _found("wm")),
    ("Clean photographs, nothing given", CLEAN, lambda row: row["kind"] == "clean"),
    ("Objects, mask given", MARKS, _given("obj")),
    ("Objects, box given", FOUND, _found("obj")),
    ("Enlargement", ENLARGED, _given("sr", "srstd")),
)


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """Write one table for each group of tasks that was measured."""
    for title, columns, belongs in TABLES:
        own = [row for row in rows if belongs(row)]
        if own:
            yield "\n".join([f"### {title}", "", *_table(own, columns), ""])


def _table(rows: Sequence[Row], columns: Sequence[Column]) -> Iterator[str]:
    yield "| kind | method | n | " + " | ".join(column.title for column in columns) + " |"
    yield "|---|---|---|" + "---|" * len(columns)
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[_kind(row), row["method"]].append(row)
    for (kind, method), own in sorted(groups.items(), key=lambda item: (item[0][0], _order(item[0][1]))):
        good = [row for row in own if "error" not in row]
        count = f"{len(good)}" if len(good) == len(own) else f"{len(good)} of {len(own)}"
        name = f"**{method}**" if method == "cleanplate" else method
        yield f"| {kind} | {name} | {count} | " + " | ".join(_cell(good, column) for column in columns) + " |"


def _kind(row: Row) -> str:
    """Kind without what the table's title says already."""
    kind: str = row["kind"]
    return kind.removesuffix("/none").removesuffix("/mask") if "/" in kind else kind.replace("none", "box")


def _order(method: str) -> tuple[bool, bool, str]:
    """Peers first, then fills with our refinement, the product last."""
    return method == "cleanplate", "+" in method, method


def _cell(rows: Sequence[Row], column: Column) -> str:
    values = [value for row in rows if (value := column.value(row)) is not None]
    if not values:
        return "-"
    median = f"{column.middle(values):.{column.digits}f}"
    if column.badness is None or len(values) == 1:
        return median
    return f"{median} ({max(values, key=column.badness):.{column.digits}f})"
