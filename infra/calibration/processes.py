"""Making and observing edits on several cores.

A module of its own, because a process that begins anew imports what it is to run, and ``__main__`` cannot be imported.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2

from infra.calibration.edits import stored
from infra.calibration.observing import Observation, observe


def pool(workers: int) -> ProcessPoolExecutor:
    """Run processes that begin anew: one that is forked off after nets have run here inherits their locks and hangs."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_alone)


def observe_folder(folder: Path, workers: int) -> list[Observation]:
    """Observe all edits of a folder: anew each time, because the signals are what is being worked on."""
    names = sorted(place.name for place in folder.iterdir())
    with pool(workers) as running:
        return [each for part in running.map(partial(_observe, folder), names, chunksize=8) for each in part]


def _observe(folder: Path, name: str) -> list[Observation]:
    return [each for edit in stored(folder, [name]) for each in observe(edit)]


def _alone() -> None:
    """One thread a process: they share the cores already."""
    cv2.setNumThreads(1)
