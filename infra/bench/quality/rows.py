"""What was measured, a line each: a run that was cut off goes on, and one method can be measured again alone."""

import json
from collections.abc import Collection
from pathlib import Path

from infra.bench.quality.measure import Job, Row


class Rows:
    """Measurements in a file of JSON lines; the last one of a task and method counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[tuple[str, str], Row] = {}
        if path.is_file():
            for line in path.read_text().splitlines():
                row = json.loads(line)
                self._rows[row["id"], row["method"]] = row

    def missing(self, jobs: list[Job], again: Collection[str]) -> list[Job]:
        """Choose the jobs that were not done yet, and those whose method is to be measured again."""
        return [job for job in jobs if job.method in again or (job.task.id, job.method) not in self._rows]

    def add(self, row: Row) -> None:
        """Keep a measurement."""
        self._rows[row["id"], row["method"]] = row
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.write(json.dumps(row, default=str) + "\n")

    def of(self, jobs: list[Job]) -> list[Row]:
        """Measurements of these jobs, in their order."""
        keys = [(job.task.id, job.method) for job in jobs]
        return [self._rows[key] for key in keys if key in self._rows]
