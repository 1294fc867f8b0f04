"""One background process of the stack: start it, ask whether it runs, wait until it serves, stop it."""

import contextlib
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from infra.local.launcher import LIFELINE, LOCK, NICENESS
from schemas.errors import PermanentFailure

_POLL_SECONDS = 0.05
_LOG_TAIL_LINES = 15
_LARGEST_LOG = 10_000_000  # bytes; a larger one is set aside at the next start


@dataclass(frozen=True)
class Program:
    """A Python module that serves HTTP on the loopback interface, run by ``infra.local.launcher``.

    Parameters
    ----------
    name
        Names its lock and its log.
    module, arguments
        What is run.
    ready
        Port and path that answer 200 once it serves.
    state_dir
        Folder of the stack.
    niceness
        How far it stands back when the cores are busy, as ``nice`` counts.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    ready: tuple[int, str]
    state_dir: Path
    niceness: int = 0

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.state_dir / "logs" / f"{self.name}.log"

    @property
    def _lock(self) -> Path:
        return self.state_dir / "run" / f"{self.name}.pid"

    def start(self, environment: dict[str, str], lifeline: int | None) -> None:
        """Start it in the background; with a ``lifeline``, it ends when that pipe's other end closes.

        Raises
        ------
        PermanentFailure
            If it runs already.
        """
        for folder in (self.log.parent, self._lock.parent):
            folder.mkdir(parents=True, exist_ok=True)
        env = {**environment, LOCK: str(self._lock), NICENESS: str(self.niceness)}
        if lifeline is not None:
            env[LIFELINE] = str(lifeline)
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            launched = subprocess.run(  # noqa: S603  our own module, in our own interpreter
                [sys.executable, "-m", "infra.local.launcher", self.module, *self.arguments],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=() if lifeline is None else (lifeline,),
                cwd=self.state_dir,
                check=False,
            )
        if launched.returncode != 0:
            raise PermanentFailure(
                f"The {self.name} could not be started. Its log ends:\n{self._log_tail()}", code="stack_start"
            )

    def pid(self) -> int | None:
        """Return its process id, or None if it does not run."""
        with contextlib.suppress(FileNotFoundError), self._lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
        return None

    def wait_until_ready(self, deadline: float) -> None:
        """Wait for its answer.

        Raises
        ------
        PermanentFailure
            If it ended, or did not answer before ``deadline`` (of ``time.monotonic``); quotes the end of its log.
        """
        while not self._answers():
            ended = self.pid() is None
            if ended or time.monotonic() > deadline:
                what = "ended while starting" if ended else "did not become ready"
                raise PermanentFailure(f"The {self.name} {what}. Its log ends:\n{self._log_tail()}", code="stack_start")
            time.sleep(_POLL_SECONDS)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, if it runs."""
        _signal(self.pid(), signal.SIGTERM)

    def ask_to_save(self) -> None:
        """Send SIGUSR1, if it runs."""
        _signal(self.pid(), signal.SIGUSR1)

    def ensure_stopped(self, deadline: float) -> None:
        """Wait until it has ended; at ``deadline`` end it and all its children by force."""
        pid = self.pid()
        while self.pid() is not None:
            if time.monotonic() > deadline and pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        port, path = self.ready
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _log_tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-_LOG_TAIL_LINES:])


def _signal(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
