"""Work on several cores does not hang: what a net holds in one process is nothing to another."""

import multiprocessing

from infra.calibration.processes import pool


def _kind() -> str:
    return type(multiprocessing.current_process()).__name__


def test_processes_begin_anew_and_inherit_no_locks() -> None:
    with pool(1) as running:
        assert running.submit(_kind).result() == "SpawnProcess"
