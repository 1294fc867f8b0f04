"""What happens meanwhile: one permanent line a finished picture; on a terminal also how the batch stands."""

import sys
import threading
from typing import Any, Protocol, Self

from infra.cli.console import printable
from infra.cli.tally import Tally
from infra.client import AssetView
from infra.report.record import Record


class Progress(Protocol):
    """Is told what happens, from several threads."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(self, *_: object) -> None:
        """End."""
        ...

    def under_way(self, file: str, step: str) -> None:
        """Tell the step that a picture is at."""
        ...

    def done(self, record: Record) -> None:
        """Tell what became of a picture."""
        ...


def step_of(asset: AssetView) -> str:
    """Name the step that an asset is at."""
    return asset.stage.value if asset.stage and not asset.is_over else asset.status.value.lower()


def line_of(record: Record) -> str:
    """Put a record into one line: outcome, confidence, seconds, file, where it went, and why not further."""
    confidence = f"{record['confidence']:.2f}" if record["confidence"] is not None else "   -"
    seconds = f"{record['seconds']:6.1f} s" if record["seconds"] is not None else "       -"
    addresses = [str(file["uri"]) for file in record["delivered"] if file["uri"]]
    place = record["output"] or ", ".join(addresses)
    told = f" -> {place}" if place else ""
    reason = "" if record["outcome"] == "DELIVERED" else f": {record['reason']}"
    return printable(f"{record['outcome']:<15} {confidence} {seconds}  {record['file']}{told}{reason}")


class PlainProgress:
    """Lines only, for pipes, logs and ``--json -``."""

    def __init__(self, tally: Tally, stream: Any = None) -> None:
        self._tally = tally
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._tally.start()
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def under_way(self, file: str, step: str) -> None:
        """Say nothing: a log is read afterwards."""

    def done(self, record: Record) -> None:
        """Print its line."""
        self._tally.add(record)
        with self._lock:
            print(line_of(record), file=self._stream, flush=True)


class LiveProgress:
    """A terminal: finished lines above, below them a bar with the tally, and the pictures under way.

    Parameters
    ----------
    tally
        How the batch stands when this begins.
    """

    def __init__(self, tally: Tally) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars

        plain = TextColumn("{task.description}", markup=False)
        self._bars = Bars(BarColumn(bar_width=24), plain, transient=True)
        self._tally = tally
        self._all = self._bars.add_task("", total=tally.total, completed=tally.ended)
        self._steps: dict[str, str] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._tally.start()
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def under_way(self, file: str, step: str) -> None:
        """Show the step."""
        with self._lock:
            self._steps[file] = step
            self._show()

    def done(self, record: Record) -> None:
        """Print its line above the bar."""
        self._tally.add(record)
        with self._lock:
            self._steps.pop(record["file"], None)
            self._bars.print(line_of(record), markup=False, highlight=False, soft_wrap=True)
            self._bars.advance(self._all)
            self._show()

    def _show(self) -> None:
        names = (f"{printable(file.rpartition('/')[2])[:24]}: {step}" for file, step in self._steps.items())
        under_way = "  ".join(list(names)[:3])
        self._bars.update(self._all, description=f"{self._tally}\n{under_way}")
