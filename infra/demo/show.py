"""What the demo prints while it runs, and the table at its end."""

import time
from collections.abc import Sequence

from infra.cli.progress import step_of
from infra.cli.tables import draw_table
from infra.client import AssetView
from infra.report.record import Record


class Stopwatch:
    """Prints lines with the seconds since the demo began."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """Print a line."""
        print(f"{time.monotonic() - self._began:5.1f} s  {line}", flush=True)

    def step(self, file: str, asset: AssetView) -> None:
        """Print the step that a picture is at."""
        self.say(f"{file:<20} {step_of(asset).replace('_', ' ')}")


def print_outcomes(records: Sequence[Record]) -> None:
    """Print the table: asset, outcome and why, confidence, seconds a stage, where it was delivered."""
    print()
    draw_table(("asset", "outcome", "confidence", "seconds per stage", "delivered, or why not"), map(_row, records))


def _row(record: Record) -> tuple[str, ...]:
    confidence = f"{record['confidence']:.2f}" if record["confidence"] is not None else "-"
    stages = "  ".join(f"{stage['stage']} {stage['seconds']:.1f}" for stage in record["stages"])
    place = record["output"] if record["outcome"] == "DELIVERED" else record["reason"]
    return record["file"], record["outcome"].replace("_", " "), confidence, stages, str(place or "")
