"""Real processes, of a program that takes a moment to start."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import ports
from infra.local import program as programs
from infra.local.program import Program
from schemas.errors import PermanentFailure

SERVES = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVES}"
FAILS = "raise SystemExit('the reason')"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Program]]:
    programs: list[Program] = []
    yield programs
    for program in programs:
        program.ask_to_stop()
        program.ensure_stopped(time.monotonic() + 1)


def make(folder: Path, started: list[Program], code: str) -> Program:
    (folder / "program_under_test.py").write_text(code)
    port = ports.choose()
    program = Program("server", "program_under_test", (str(port),), (port, "/"), folder)
    started.append(program)
    return program


def environment() -> dict[str, str]:
    return dict(os.environ)


def soon() -> float:
    return time.monotonic() + 10


def test_a_program_runs_until_it_is_stopped(tmp_path: Path, started: list[Program]) -> None:
    program = make(tmp_path, started, SERVES)
    assert program.pid() is None
    program.start(environment(), lifeline=None)
    program.wait_until_ready(soon())
    assert program.pid() is not None
    program.ask_to_stop()
    program.ensure_stopped(soon())
    assert program.pid() is None


def test_a_program_that_ignores_sigterm_is_ended_by_force(tmp_path: Path, started: list[Program]) -> None:
    program = make(tmp_path, started, STUBBORN)
    program.start(environment(), lifeline=None)
    program.wait_until_ready(soon())
    program.ask_to_stop()
    program.ensure_stopped(time.monotonic())
    assert program.pid() is None


def test_a_second_start_is_refused(tmp_path: Path, started: list[Program]) -> None:
    program = make(tmp_path, started, SERVES)
    program.start(environment(), lifeline=None)
    with pytest.raises(PermanentFailure, match="runs already"):
        program.start(environment(), lifeline=None)


def test_the_log_says_why_a_program_did_not_start(tmp_path: Path, started: list[Program]) -> None:
    program = make(tmp_path, started, FAILS)
    program.start(environment(), lifeline=None)
    with pytest.raises(PermanentFailure, match="the reason"):
        program.wait_until_ready(soon())


def test_a_stale_process_id_is_not_taken_for_the_program(tmp_path: Path, started: list[Program]) -> None:
    program = make(tmp_path, started, SERVES)
    program.start(environment(), lifeline=None)
    pid = program.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    program.ensure_stopped(soon())
    (tmp_path / "run" / "server.pid").write_text(str(os.getpid()))  # the number now belongs to somebody else
    assert program.pid() is None
    program.ask_to_stop()  # would end this very test run


def test_a_program_on_a_lifeline_ends_when_its_holder_lets_go(tmp_path: Path, started: list[Program]) -> None:
    reading, writing = os.pipe()
    program = make(tmp_path, started, SERVES)
    program.start(environment(), lifeline=reading)
    program.wait_until_ready(soon())
    os.close(reading)
    os.close(writing)
    deadline = soon()
    while program.pid() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_log_does_not_grow_for_ever(tmp_path: Path, started: list[Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_LARGEST_LOG", 10)
    program = make(tmp_path, started, FAILS)
    for _ in range(3):
        program.start(environment(), lifeline=None)
        program.ensure_stopped(soon())
    assert program.log.read_text().count("the reason") == 1


def test_a_free_port_is_kept_and_a_taken_one_is_not() -> None:
    import socket

    free = ports.choose()
    assert ports.choose(free) == free
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert ports.choose(port) != port
