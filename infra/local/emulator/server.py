"""Serve the patched emulator on the loopback interface."""

import asyncio
import signal
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as application
from ministack.core import lambda_runtime

from infra.local.emulator.autosave import Autosave
from infra.local.emulator.developer_login import with_login
from infra.local.emulator.guard import guarded


def run(port: int, saved: Path) -> None:
    """Serve until SIGTERM or SIGINT; state is saved and the Lambda workers are ended on the way out.

    SIGUSR1 saves at once. ``saved`` tells when the last save began.
    """
    try:
        asyncio.run(_serve(port, saved))
    finally:
        lambda_runtime.reset()


async def _serve(port: int, saved: Path) -> None:
    autosave, loop = Autosave(saved), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, autosave.stop)
    loop.add_signal_handler(signal.SIGUSR1, autosave.save_soon)
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1.0  # long polls of queues would otherwise hold the shutdown up
    app = guarded(with_login(application.app), autosave.touch)
    await serve(app, config, shutdown_trigger=autosave.run)  # type: ignore[arg-type]
