"""The API's manners on the real template: done once, said in a line, slowed down, private networks left alone."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.client import Job
from infra.local import stack
from infra.local.info import StackInfo
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.file_server import serving

pytestmark = pytest.mark.stack

LIMIT = 25


@pytest.fixture(scope="module")
def strict() -> Iterator[Deployment]:
    """A stack where one caller may change little, and that may fetch from this machine."""
    parameters = {"WritesPerMinute": str(LIMIT), "PrivateAddresses": "allow"}
    with stack.temporary(stack.Options(parameters=parameters)) as info:
        yield Deployment(info)


def _ask(info: StackInfo, method: str, path: str, body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
    sent = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest(method, f"{info.api_url}/signed{path}", data=sent, headers=named)
    SigV4Auth(Credentials("test", "test"), "execute-api", info.region).add_auth(request)
    return urllib3.request(
        method, request.url, body=sent, headers=dict(request.headers.items()), retries=False, timeout=60
    )


def test_a_picture_at_an_address_becomes_an_asset(strict: Deployment) -> None:
    with serving({"/photo.png": pictures.encoded(pictures.coffee(64, 64))}) as files:
        ordered = {"path": "fetched/photo.png", "recipe": "enhance", "source_url": f"{files}/photo.png"}
        answer = _ask(strict.info, "POST", "/assets", ordered)
        assert answer.status == 202, answer.data
        fetched = strict.client.fetches.wait(answer.json()["fetch_id"])
    assert fetched.asset_id is not None, fetched.reason
    assert strict.outcome(fetched.asset_id).status is Status.DELIVERED


def test_without_the_switch_no_address_of_a_network_is_asked(deployment: Deployment) -> None:
    ordered = {"path": "fetched/photo.png", "source_url": "https://169.254.169.254/latest/meta-data/"}
    answer = _ask(deployment.info, "POST", "/assets", ordered)
    assert (answer.status, answer.json()["code"]) == (400, "private_address")
    assert answer.json()["errors"][0]["pointer"] == "#/source_url"


def test_what_is_asked_twice_under_one_key_is_done_once(deployment: Deployment) -> None:
    photo = pictures.encoded(pictures.coffee(64, 64))
    asset_id = deployment.put(deployment.key("enhance", "a.png"), photo, **Job(hold=True).metadata)
    deployment.settled(asset_id, Status.HELD)
    key, path = uuid.uuid4().hex, f"/assets/{asset_id}/runs"
    answers = [_ask(deployment.info, "POST", path, {"scale": 2}, Idempotency_Key=key) for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    other = _ask(deployment.info, "POST", path, {"scale": 4}, Idempotency_Key=key)
    assert (other.status, other.json()["code"]) == (422, "idempotency_mismatch")
    assert deployment.outcome(asset_id).attempt == 1
    assert deployment.executions(asset_id) == [answers[0].json()["run_id"]]


def test_what_did_not_change_is_said_in_a_line(deployment: Deployment) -> None:
    photo = pictures.encoded(pictures.coffee(64, 64))
    asset_id = deployment.put(deployment.key("enhance", "a.png"), photo)
    run_id = deployment.outcome(asset_id).run_id
    for path in (f"/runs/{run_id}", "/recipes", "/openapi.json"):
        first = _ask(deployment.info, "GET", path)
        again = _ask(deployment.info, "GET", path, If_None_Match=first.headers["ETag"])
        assert (first.status, again.status, again.data) == (200, 304, b""), path


def test_who_changes_too_much_is_told_when_to_go_on_and_may_read_meanwhile(strict: Deployment) -> None:
    for _ in range(2 * LIMIT + 1):  # a minute may end in between
        answer = _ask(strict.info, "POST", "/assets", {"path": "a.jpg"})
        if answer.status != 200:
            break
    assert (answer.status, answer.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert _ask(strict.info, "GET", "/recipes").status == 200
