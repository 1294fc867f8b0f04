"""How far files are: one bar a file on a terminal, one line a file elsewhere."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from infra.cli.console import printable, say

if TYPE_CHECKING:
    from rich.progress import TaskID


class Bars:
    """Shows files while they arrive; everything goes to stderr."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self._live = console.is_terminal
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bars = Progress(*columns, console=console)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if self._live:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._bars.stop()

    def show(self, file: str, done: int, size: int) -> None:
        """Tell how far a file is; a size of 0 is not known."""
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(printable(file), total=size or None)
            if not self._live:
                say(f"fetching {printable(file)}" + (f" ({size:,} bytes)" if size else ""))
        self._bars.update(self._tasks[file], completed=done, total=size or None)

    def tell(self, line: str) -> None:
        """Say something without breaking the bars."""
        if self._live:
            self._bars.console.print(printable(line), markup=False, highlight=False)
        else:
            say(printable(line))
