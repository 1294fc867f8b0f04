"""Serve the patched emulator on the loopback interface."""

import asyncio
import gc
import signal
import sys
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as application
from ministack.core import lambda_runtime

from infra.local.emulator.autosave import Autosave
from infra.local.emulator.developer_login import with_login
from infra.local.emulator.guard import guarded

_SWITCH_SECONDS = 0.0005
"""How long a thread keeps the interpreter while others want it. All requests go through one thread, and with the usual
5 ms it would wait that long again and again while state is saved or executions go on."""

_COLLECT = (20_000, 20, 50)
"""Objects made until the garbage collector looks, and looks at younger ones until it looks at older and at all. The
state is a million objects that stay; looking at all of them stops every request for half a second."""


def run(port: int, saved: Path) -> None:
    """Serve until SIGTERM or SIGINT; state is saved and the Lambda workers are ended on the way out.

    SIGUSR1 saves at once. ``saved`` tells when the last save began.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(*_COLLECT)
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
