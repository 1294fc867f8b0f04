"""A server of this machine that takes webhooks."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from standardwebhooks import Webhook


class Posted(NamedTuple):
    """One request that came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def verified(self, secret: str) -> dict[str, Any]:
        """Check the signature with the library; return the event."""
        event: dict[str, Any] = Webhook(secret).verify(self.body, dict(self.headers))
        return event


class Receiver:
    """Takes what is posted to ``url``. The first requests to a path get the statuses that ``refuse`` names."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.refuse: dict[str, list[int]] = {}
        self._posted: list[Posted] = []
        self._changed = threading.Condition()

    def take(self, posted: Posted) -> int:
        """Note a request; say what it is answered with."""
        with self._changed:
            self._posted.append(posted)
            self._changed.notify_all()
            waiting = self.refuse.get(posted.path)
            return waiting.pop(0) if waiting else 204

    def at(self, path: str, count: int = 1, timeout: float = 120) -> list[Posted]:
        """Wait until so many requests have come to a path; return them."""

        def found() -> list[Posted]:
            return [posted for posted in self._posted if posted.path == path]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, timeout), f"{len(found())} came to {path}"
            return found()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.take(Posted(self.path, dict(self.headers), body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            server.shutdown()
