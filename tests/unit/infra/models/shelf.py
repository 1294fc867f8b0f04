"""A web server of this machine that serves files as publishers do, and as they do on bad days."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.unit.infra.models.weight_files import NET


@dataclass
class Shelf:
    """What it serves, how it misbehaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=lambda: {"/net": NET})
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    etag: str = '"v1"'
    breaks: int = 0
    """How many more answers stop half way."""
    stale_ranges: bool = False
    """Whether an answer to a range is another part than was asked."""
    unsized: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Path, range and authorization of each request."""
    address: str = ""

    @property
    def ranges(self) -> list[str]:
        return [each[1] for each in self.asked]


@contextmanager
def serving(shelf: Shelf) -> Iterator[Shelf]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, shelf)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    shelf.address = f"http://127.0.0.1:{server.server_port}"
    yield shelf
    server.shutdown()
    server.server_close()
    thread.join()


def answer(request: http.server.BaseHTTPRequestHandler, shelf: Shelf) -> None:
    path, asked = request.path.partition("?")[0], request.headers.get("Range", "")
    shelf.asked.append((request.path, asked, request.headers.get("Authorization", "")))
    if path in shelf.redirects:
        request.send_response(302)
        request.send_header("Location", shelf.redirects[path])
        request.end_headers()
        return
    if path in shelf.statuses or path not in shelf.files:
        request.send_error(shelf.statuses.get(path, 404))
        return
    data = shelf.files[path]
    go_on = bool(asked) and request.headers.get("If-Range") == shelf.etag
    start = int(asked[6:-1]) if go_on else 0
    if go_on and start >= len(data):
        request.send_error(416)
        return
    start = 0 if shelf.stale_ranges else start
    request.send_response(206 if go_on else 200)
    request.send_header("ETag", shelf.etag)
    if go_on:
        request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    body = data[start:]
    if not shelf.unsized:
        request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if shelf.breaks:
        shelf.breaks -= 1
        body = body[: len(body) // 2]
    request.wfile.write(body)
