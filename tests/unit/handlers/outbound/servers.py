"""Servers of this machine that answer byte by byte what a test wants them to answer."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]
_PATIENCE = 10.0


@dataclass
class Listening:
    """A server, and the requests that it was sent, heads and bodies as they came."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [request.split(b" ", 2)[1].decode() for request in self.requests]


@contextmanager
def listening(
    answer: Answer, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Listening]:
    """Serve one request a connection."""
    with socket.create_server((host, port)) as server:
        found = Listening(server.getsockname()[1])
        ended = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, answer, tls, found, ended))
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            with contextlib.suppress(OSError):
                socket.create_connection((host, found.port), timeout=1).close()
            thread.join()


def _serve(
    server: socket.socket, answer: Answer, tls: ssl.SSLContext | None, found: Listening, ended: threading.Event
) -> None:
    while True:
        connected, _ = server.accept()
        if ended.is_set():
            connected.close()
            return
        connected.settimeout(_PATIENCE)
        with contextlib.suppress(OSError):  # a client that hangs up
            if tls:
                connected = tls.wrap_socket(connected, server_side=True)
            found.requests.append(_request(connected))
            answer(connected)
        connected.close()


def _request(connected: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connected.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.splitlines() if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connected.recv(65536)
    return head + b"\r\n\r\n" + body


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Answer with a status, a body of its true length and headers (``content_type="image/png"``)."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return sends("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def sends(*pieces: bytes) -> Answer:
    """Answer with exactly these bytes."""

    def answer(connected: socket.socket) -> None:
        for piece in pieces:
            connected.sendall(piece)

    return answer


def drips(beginning: bytes, drop: bytes) -> Answer:
    """Answer with a beginning, and go on one drop at a time until the client has had enough."""

    def answer(connected: socket.socket) -> None:
        connected.sendall(beginning)
        pause = threading.Event()
        for _ in range(int(_PATIENCE / 0.02)):
            connected.sendall(drop)
            pause.wait(0.02)

    return answer
