"""Free ports of the loopback interface."""

import socket


def choose(preferred: int | None = None) -> int:
    """Return ``preferred`` where it is free, else any free port.

    It is free now; whoever asked should use it soon.
    """
    if preferred is not None and _free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free to a server
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
