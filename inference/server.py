"""``python -m inference.server``: the serving contract behind ``/ping`` and ``/invocations``.

For the local stack and for containers of one's own. SageMaker's own container calls ``inference.serve`` itself.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from inference.nets.out_of_memory import is_out_of_memory
from inference.serve import JSON, LARGEST_REQUEST, Serving, input_fn, model_fn, output_fn, predict_fn, use_cores
from inference.warm import wanted, warm
from schemas.errors import BadInput, CleanplateError, PermanentFailure, TransientFailure
from schemas.stage import StageFailure, StageRequest

logger = logging.getLogger("cleanplate.server")


class ModelServer(ThreadingHTTPServer):
    """Serves requests on threads, of which ``workers`` run models and ``waiting`` more may queue.

    Models use all cores by themselves: two at once take twice the memory and finish no sooner.
    """

    daemon_threads = True  # an idle kept-alive connection must not hold up the end; `drain` waits for running work
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], serving: Serving, *, workers: int = 1, waiting: int = 16) -> None:
        super().__init__(address, _Handler)
        self.serving = serving
        self._stopping = threading.Event()
        self._exchanges = 0
        self._changed = threading.Condition()
        self._running = threading.BoundedSemaphore(workers)
        self._admitted = threading.BoundedSemaphore(workers + waiting)

    def invoke(self, body: bytes, content_type: str) -> tuple[int, bytes]:
        """Answer one invocation: HTTP status and JSON body."""
        try:
            request = input_fn(body, content_type)
            self._refuse_when_stopping()
            if not self._admitted.acquire(blocking=False):
                raise TransientFailure("Too many requests are waiting here.", code="busy")
            try:
                return HTTPStatus.OK, self._predict(request)
            finally:
                self._admitted.release()
        except Exception as error:  # noqa: BLE001  the last line: every failure becomes one of three, in words
            known = as_known(error)
            return known.http_status, StageFailure.of(known).model_dump_json().encode()

    def _predict(self, request: StageRequest) -> bytes:
        with self._running:
            self._refuse_when_stopping()
            return output_fn(predict_fn(request, self.serving), JSON)[0]

    def _refuse_when_stopping(self) -> None:
        if self._stopping.is_set():
            raise TransientFailure("This server is stopping.", code="stopping")

    def handle_error(self, request: object, client_address: object) -> None:
        """Log a connection that broke, in a line and not in a trace on stderr."""
        del request
        logger.info("connection with %s broke: %s", client_address, sys.exc_info()[1])

    @contextmanager
    def exchange(self) -> Iterator[None]:
        """Count an invocation until its answer is sent, for ``drain`` to wait for."""
        with self._changed:
            self._exchanges += 1
        try:
            yield
        finally:
            with self._changed:
                self._exchanges -= 1
                self._changed.notify_all()

    def drain(self) -> None:
        """Finish what is running, send away what waits or still comes, and return when all answers are sent."""
        self._stopping.set()
        with self._changed:
            self._changed.wait_for(lambda: self._exchanges == 0)


def as_known(error: Exception) -> CleanplateError:
    """One of the three errors for any exception; an unexpected one is logged with its trace and answered without."""
    if isinstance(error, CleanplateError):
        logger.info("refused: %s (%s): %s", type(error).__name__, error.code, error.message)
        return error
    if is_out_of_memory(error):
        logger.error("out of memory", exc_info=error)
        return TransientFailure("The machine ran out of memory on this picture.", code="out_of_memory")
    logger.error("unexpected failure", exc_info=error)
    return PermanentFailure("Something went wrong in the container; its log says what.", code="internal")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "cleanplate"
    sys_version = ""
    timeout = 30  # a client that stops sending must not hold a thread for ever

    def do_GET(self) -> None:
        """``/ping``."""
        self._answer(HTTPStatus.OK if self.path == "/ping" else HTTPStatus.NOT_FOUND, b"{}")

    def do_POST(self) -> None:
        """``/invocations``."""
        if self.path != "/invocations":
            self._answer(HTTPStatus.NOT_FOUND, b"{}", close=True)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            error = BadInput(f"A request says its length, at most {LARGEST_REQUEST:,} bytes.", code="bad_request")
            self._answer(error.http_status, StageFailure.of(error).model_dump_json().encode(), close=True)
            return
        body = self.rfile.read(int(length))
        server = cast(ModelServer, self.server)
        with server.exchange():
            self._answer(*server.invoke(body, self.headers.get("Content-Type", "")))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Keep request lines out of the log at its usual level: ``/ping`` comes every few seconds."""
        logger.debug(format, *args)

    def _answer(self, status: int, body: bytes, *, close: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(body)))
        if close:  # the body was not read, so the connection cannot be used again
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def main(arguments: list[str] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; a request that is running is finished first."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    use_cores(os.cpu_count() or 1)
    serving = model_fn(options.model_dir)
    warm(serving.models, [name for name in options.warm.split(",") if name] or wanted())
    server = ModelServer((options.host, options.port), serving, workers=options.workers, waiting=options.waiting)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this very thread runs, hence the helper thread.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    logger.info("serving on http://%s:%d", *server.server_address[:2])
    with server:
        server.serve_forever(poll_interval=0.2)
        server.drain()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inference.server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one; the log says which")
    parser.add_argument("--workers", type=int, default=1, help="models that run at once")
    parser.add_argument("--waiting", type=int, default=16, help="requests that may queue before others get 503")
    parser.add_argument(
        "--warm",
        default="",
        help="models to make ready before serving, separated by commas; CLEANPLATE_WARM when not given",
    )
    parser.add_argument("--model-dir", default="/opt/ml/model", help="unpacked model artifact, as on SageMaker")
    return parser


if __name__ == "__main__":
    main()
