"""One method on one task, in a process of its own, so that its memory can be told from that of others."""

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image

from infra.bench.quality.kit import Kit, Task
from infra.bench.quality.memory import PeakMemory
from infra.bench.quality.methods import Made, methods_for

Row = dict[str, Any]


class Job(NamedTuple):
    """What a worker is asked."""

    kit: Path
    task: Task
    method: str
    save: Path | None


def run(jobs: list[Job], workers: int, timeout: float) -> Iterator[Row]:
    """Measure all jobs, as they come; a method that fails or takes too long gives a row that says so."""
    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(_in_a_process, job, timeout) for job in jobs]
        for number, done in enumerate(as_completed(waiting), 1):
            row = done.result()
            print(f"{number}/{len(jobs)} {row['method']} {row['id']} {row.get('error', '')}", flush=True)
            yield row


def _in_a_process(job: Job, timeout: float) -> Row:
    # spawn: a fork would inherit locks of threads that libraries have started here.
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(job, sending), daemon=True)
    process.start()
    sending.close()
    try:
        if receiving.poll(timeout):
            return dict(receiving.recv())
        return _row(job) | {"error": f"not done after {timeout:.0f} s"}
    except EOFError:
        return _row(job) | {"error": "its process died"}
    finally:
        process.kill()
        process.join()


def _child(job: Job, answer: Connection) -> None:
    answer.send(measure(job))


def measure(job: Job) -> Row:
    """Run a method and score it."""
    kit, task = Kit(job.kit), job.task
    row = _row(job)
    try:
        _ = kit.score  # loads the peers' libraries before memory is counted
        cv2.setNumThreads(1)
        with PeakMemory() as peak:
            made = methods_for(task)[job.method](kit, task)
        cost = {"megabytes": peak.megabytes, "seconds": made.seconds, "cpu_seconds": made.cpu_seconds}
        row |= {**cost, **made.facts, **scored(kit, task, made)}
        if job.save:
            job.save.mkdir(parents=True, exist_ok=True)
            Image.fromarray(made.image).save(job.save / f"{task.id}.{job.method}.png")
    except Exception as error:  # noqa: BLE001  a peer's failure is a result, not the end of the bench
        row |= {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
    return row


def _row(job: Job) -> Row:
    return {"id": job.task.id, "task": job.task.task, "kind": job.task.kind, "method": job.method}


def scored(kit: Kit, task: Task, made: Made) -> Row:
    """Compare with the truth by the kit's own figures."""
    row: Row = kit.score.score(_entry(task), made.image, made.seconds)
    row.pop("time_s", None)
    if row.pop("error", None):
        raise ValueError(f"the picture has the shape {made.image.shape}")
    if task.mask:
        row["mask_mp"] = float(kit.mask(task.mask).sum() / 1e6)
    if task.kind == "clean":
        row["untouched"] = float(made.mask is None)
    if task.affected and task.mask is None:
        row |= mask_figures(made.mask, kit.mask(task.affected))
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in row.items()}


def mask_figures(found: np.ndarray | None, affected: np.ndarray) -> Row:
    """Recall and precision of a mask in pixels; nothing found has recall 0 and no precision."""
    if found is None:
        return {"mask_recall": 0.0, "mask_precision": None}
    hit = float((found & affected).sum())
    return {"mask_recall": hit / max(1, int(affected.sum())), "mask_precision": hit / max(1, int(found.sum()))}


def _entry(task: Task) -> Row:
    """Turn a task back into the kit's own form."""
    names = {"id": task.id, "task": task.task, "kind": task.kind, "input": task.input, "gt": task.truth}
    return {**task.facts, **names, "mask": task.mask, "affected": task.affected}
