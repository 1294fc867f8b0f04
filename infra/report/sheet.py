"""A batch as CSV, for spreadsheets and scripts."""

import csv
from collections.abc import Sequence
from pathlib import Path

from infra.report.record import Record

COLUMNS = ("file", "outcome", "confidence", "seconds", "cost", "recipe", "output", "delivered", "reason", "asset_id")
_ACTED_ON = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet takes for a formula."""


def write_csv(records: Sequence[Record], path: Path) -> None:
    """Write one line a picture. With a byte order mark: without it Excel takes UTF-8 for something else."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        for record in records:
            sheet.writerow([_cell(record, column) for column in COLUMNS])


def _cell(record: Record, column: str) -> str | float:
    value = record[column]
    if column == "delivered":
        value = " ".join(str(file["uri"]) for file in value if file["uri"])
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Keep a spreadsheet from running what a file's name or a reason says: such a cell begins with an apostrophe."""
    return f"'{text}" if text.startswith(_ACTED_ON) else text
