"""Tables: drawn to fit a terminal, tab-separated for anything else."""

import sys
from collections.abc import Iterable, Sequence

from infra.cli.console import printable

_WIDTH_OF_A_LOG = 150
"""Columns for a drawn table where nobody says how wide the screen is."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table to stdout."""
    cells = [list(map(printable, row)) for row in rows]
    if sys.stdout.isatty():
        draw_table(columns, cells)
    else:
        print("\n".join("\t".join(row) for row in [columns, *cells]))


def draw_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table whatever stdout is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_LOG).print(table)
