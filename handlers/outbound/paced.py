"""A socket with one deadline for everything that is done with it, however slowly the other side goes on."""

import io
import socket
import time


class Deadline:
    """A moment, by the clock that is never set."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left.

        Raises
        ------
        TimeoutError
            If none are.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class PacedSocket:
    """As much of a socket as ``http.client`` uses.

    A socket's own timeout begins anew with each piece: whoever sends a byte every few seconds is never late.
    """

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected = connected
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send everything before the deadline."""
        rest = memoryview(data)
        while rest:
            self._connected.settimeout(self._deadline.left())
            rest = rest[self._connected.send(rest) :]

    def makefile(self, *_: object) -> io.BufferedReader:
        """Open what comes back for reading."""
        # The file keeps the connection open after `close`, as that of a plain socket does.
        return io.BufferedReader(_Reading(self._connected, self._deadline))

    def close(self) -> None:
        """Close the connection, once nobody reads from it any more."""
        self._connected.close()


class _Reading(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._connected = connected
        self._file = connected.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        self._connected.settimeout(self._deadline.left())
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
