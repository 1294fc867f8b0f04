"""Serve the patched emulator on the loopback interface."""

import asyncio
import signal

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as application
from ministack.core import lambda_runtime

from infra.local.emulator.autosave import Autosave
from infra.local.emulator.guard import guarded


def run(port: int) -> None:
    """Serve until SIGTERM or SIGINT; state is saved and the Lambda workers are ended on the way out."""
    try:
        asyncio.run(_serve(port))
    finally:
        lambda_runtime.reset()


async def _serve(port: int) -> None:
    stop, autosave = asyncio.Event(), Autosave()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1.0  # long polls of queues would otherwise hold the shutdown up
    app = guarded(application.app, autosave.touch)
    await serve(app, config, shutdown_trigger=lambda: autosave.run(stop))  # type: ignore[arg-type]
