"""The serving contract, over HTTP as a container is asked."""

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inference import serve
from inference.artifacts import DirectoryArtifactStore
from inference.serve import LARGEST_REQUEST, Serving
from inference.server import ModelServer
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageFailure, StageRequest, StageResult
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.small_models import SmallModels, card


class Broken:
    """A model that fails in a way nobody thought of."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def enlarge(self, rgb: np.ndarray, *, parameters: Any) -> np.ndarray:
        raise self.error


def cv2_out_of_memory() -> Exception:
    """What OpenCV raises when it asks for more than there is."""
    return cv2.error("OpenCV(5.0.0) alloc.cpp:73: error: (-4:Insufficient memory) Failed to allocate 10 bytes")


class Client:
    """Speaks to a server and makes requests for its store."""

    def __init__(self, server: ModelServer, store: DirectoryArtifactStore) -> None:
        self.server, self.store = server, store
        self.source = store.put(S3Pointer(bucket="inbox", key="a.png"), file_of(photograph()), "image/png")

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        result = answer.status, answer.read()
        connection.close()
        return result

    def request(self, model: str = "repeat-x2", **parameters: Any) -> StageRequest:
        return StageRequest.build(Stage.UPSCALE, model, {"source": self.source}, parameters, work_bucket="work")

    def invoke(self, request: StageRequest) -> tuple[int, bytes]:
        return self.send("POST", "/invocations", request.model_dump_json().encode())


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    models = SmallModels(
        greedy=(card("greedy", Stage.UPSCALE, scale=2), lambda: Broken(MemoryError())),
        crowded=(card("crowded", Stage.UPSCALE, scale=2), lambda: Broken(cv2_out_of_memory())),
        broken=(card("broken", Stage.UPSCALE, scale=2), lambda: Broken(ZeroDivisionError("secret inner detail"))),
    )
    store = DirectoryArtifactStore(tmp_path)
    server = ModelServer(("127.0.0.1", 0), Serving(models, store), waiting=1)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Client(server, store)
    server.shutdown()
    server.server_close()
    thread.join()


def test_ping_answers(client: Client) -> None:
    assert client.send("GET", "/ping")[0] == 200
    assert client.send("GET", "/other")[0] == 404
    assert client.send("POST", "/other")[0] == 404


def test_a_request_is_answered_and_the_answer_is_left_beside_the_outputs(client: Client) -> None:
    request = client.request()
    status, body = client.invoke(request)
    assert status == 200
    result = StageResult.model_validate_json(body)
    assert (result.width, result.height) == (256, 192)
    kept = StageResult.model_validate_json(client.store.get(request.result_pointer, max_bytes=10**6))
    assert kept == result


def test_asking_again_costs_no_second_run(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    work = serve.run_stage
    monkeypatch.setattr(serve, "run_stage", lambda *given: runs.append(1) or work(*given))
    first, second = (client.invoke(client.request()) for _ in range(2))
    assert first == second
    assert len(runs) == 1


def test_an_earlier_answer_of_another_version_is_made_anew(client: Client) -> None:
    request = client.request()
    client.store.put(request.result_pointer, b'{"of": "another time"}', "application/json")
    assert client.invoke(request)[0] == 200


@pytest.mark.parametrize(
    ("model", "status", "error", "code"),
    [
        ("greedy", 503, "TransientFailure", "out_of_memory"),
        ("crowded", 503, "TransientFailure", "out_of_memory"),
        ("broken", 422, "PermanentFailure", "internal"),
        ("absent", 422, "PermanentFailure", "unknown_model"),
    ],
)
def test_failures_say_whether_asking_again_helps(
    client: Client, model: str, status: int, error: str, code: str
) -> None:
    answered, body = client.invoke(client.request(model))
    failure = StageFailure.model_validate_json(body)
    assert (answered, failure.error, failure.code) == (status, error, code)
    assert b"secret" not in body


def test_running_out_of_memory_leaves_the_next_attempt_all_of_it(client: Client) -> None:
    client.invoke(client.request("broken"))
    assert not client.server.serving.models.released
    client.invoke(client.request("greedy"))
    assert client.server.serving.models.released


def test_a_failure_is_not_kept(client: Client) -> None:
    request = client.request("broken")
    client.invoke(request)
    assert not (client.store._path(request.result_pointer)).exists()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"\xff", json.dumps({"stage": "upscale", "evil": "<secret>"}).encode()]
)
def test_what_is_no_request_is_refused_without_repeating_it(client: Client, body: bytes) -> None:
    status, answer = client.send("POST", "/invocations", body)
    assert status == 422  # not 400, which would send the picture to quarantine
    assert StageFailure.model_validate_json(answer).code == "bad_request"
    assert b"secret" not in answer


def test_another_content_type_is_refused(client: Client) -> None:
    assert client.send("POST", "/invocations", b"{}", **{"Content-Type": "text/html"})[0] == 400


def test_a_long_body_is_refused_unread(client: Client) -> None:
    status, _ = client.send("POST", "/invocations", b"", **{"Content-Length": str(LARGEST_REQUEST + 1)})
    assert status == 400


def test_more_than_may_wait_are_sent_away(client: Client) -> None:
    gate = threading.Event()
    entered = threading.Semaphore(0)

    class Slow:
        def enlarge(self, rgb: np.ndarray, *, parameters: Any) -> np.ndarray:
            entered.release()
            gate.wait(20)
            return rgb.repeat(2, axis=0).repeat(2, axis=1)

    models = SmallModels(slow=(card("slow", Stage.UPSCALE, scale=2), Slow))
    client.server.serving = Serving(models, client.store)
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda number=number: answers.append(client.invoke(client.request("slow", n=number))[0])
        )
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=20)
    while len(answers) < 2:  # one runs, one waits, two are sent away at once
        threads[0].join(0.01)
        assert any(thread.is_alive() for thread in threads)
    gate.set()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 503, 503]


def test_stopping_finishes_the_running_request_and_sends_the_waiting_one_away(client: Client) -> None:
    gate = threading.Event()
    entered = threading.Event()

    class Slow:
        def enlarge(self, rgb: np.ndarray, *, parameters: Any) -> np.ndarray:
            entered.set()
            gate.wait(20)
            return rgb.repeat(2, axis=0).repeat(2, axis=1)

    client.server.serving = Serving(SmallModels(slow=(card("slow", Stage.UPSCALE, scale=2), Slow)), client.store)
    answers: list[tuple[int, bytes]] = []
    running = threading.Thread(target=lambda: answers.append(client.invoke(client.request("slow"))))
    running.start()
    assert entered.wait(20)
    stopping = threading.Thread(target=client.server.drain)
    stopping.start()
    stopping.join(0.1)
    assert stopping.is_alive()
    status, body = client.invoke(client.request("slow", n=2))
    assert (status, StageFailure.model_validate_json(body).code) == (503, "stopping")
    gate.set()
    stopping.join(20)
    running.join(20)
    assert answers[0][0] == 200


def test_the_program_serves_and_ends_on_sigterm(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "inference.server",
        "--port",
        "0",
        "--warm",
        "supplied-mask",
        "--model-dir",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        said = ""
        while "serving on" not in said:
            line = process.stderr.readline()
            assert line, f"the server ended early: {said}"
            said += line
        port = int(said.rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/ping")
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGTERM)  # with the connection still open
        assert process.wait(20) == 0
        connection.close()
    assert "supplied-mask is ready" in said
