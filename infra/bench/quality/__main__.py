"""``python -m infra.bench.quality --kit PATH``: measure, and write tables and a contact sheet to ``build/quality``."""

import argparse
import sys
from pathlib import Path

from infra.bench.quality.kit import Kit, Task
from infra.bench.quality.measure import Job, run
from infra.bench.quality.methods import methods_for
from infra.bench.quality.page import write_into
from infra.bench.quality.rows import Rows
from infra.bench.quality.sheet import sheet
from infra.bench.quality.tables import tables

_OUT = Path("build/quality")


def main(arguments: list[str] | None = None) -> int:
    """Measure what was not measured yet; exit 1 if one of our own runs failed."""
    options = _parser().parse_args(arguments)
    kit = Kit.copied(options.kit, _OUT / "kit")
    save = _OUT / "pictures"
    jobs = [
        Job(kit.root, task, method, save)
        for task in _chosen(kit.tasks, options.tasks, options.limit)
        for method in methods_for(task)
        if not options.methods or method in options.methods
    ]
    rows = Rows(_OUT / "rows.jsonl")
    if not options.report_only:
        for row in run(rows.missing(jobs, options.again), options.workers, options.timeout):
            rows.add(row)
    report = "\n".join(tables(rows.of(jobs)))
    (_OUT / "quality.md").write_text(report)
    print(report)
    if options.into:
        write_into(options.into, report)
    shown = _chosen(list({job.task.id: job.task for job in jobs}.values()), [], 1)
    sheet(kit, shown, ("telea", "pypatchmatch", "cleanplate"), save).save(_OUT / "contact-sheet.png")
    return int(any("error" in row for row in rows.of(jobs) if row["method"] == "cleanplate"))


def _chosen(tasks: list[Task], names: list[str], limit: int) -> list[Task]:
    """Choose by ``hole`` or ``hole/thin``; at most ``limit`` of each kind."""
    counts: dict[tuple[str, str], int] = {}
    chosen = []
    for task in tasks:
        kind = (task.task, task.kind)
        if names and not any(f"{task.task}/{task.kind}".startswith(name) for name in names):
            continue
        counts[kind] = counts.get(kind, 0) + 1
        if not limit or counts[kind] <= limit or task.kind == "clean":  # 39 of those say more than two, in seconds
            chosen.append(task)
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.bench.quality", description=__doc__)
    parser.add_argument("--kit", type=Path, required=True, help="folder with photographs and tasks")
    parser.add_argument("--tasks", nargs="*", default=[], help="such as hole, hole/thin, wm/tiled; all when not given")
    parser.add_argument("--methods", nargs="*", default=[], help="such as telea, cleanplate; all when not given")
    parser.add_argument("--limit", type=int, default=0, help="tasks of each kind; 0 takes all")
    parser.add_argument("--again", nargs="*", default=["cleanplate"], help="methods to measure even if they were")
    parser.add_argument("--workers", type=int, default=1, help="measurements at a time")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one measurement")
    parser.add_argument("--report-only", action="store_true", help="write what was measured before, measure nothing")
    parser.add_argument("--into", type=Path, help="page whose figures are replaced, such as docs/quality.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
