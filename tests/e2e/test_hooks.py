"""An event of a content system becomes a delivered picture; what nobody signed, or lies inside a network, does not."""

import uuid
from collections.abc import Iterator

import pytest

from infra.local import stack
from schemas.asset import Status
from schemas.fetch import FetchState
from schemas.hook import HookKind
from schemas.job import Job
from tests.e2e import pictures
from tests.e2e.cms import event_about, send
from tests.e2e.deployment import Deployment
from tests.e2e.file_server import serving
from tests.e2e.receiver import receiving

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def open_stack() -> Iterator[Deployment]:
    """A stack whose source URLs may name this machine, as ``cleanplate up --allow-private-addresses`` starts it."""
    with stack.temporary(stack.Options(parameters={"PrivateAddresses": "allow"})) as info:
        yield Deployment(info)


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    with serving({"/photo.png": pictures.encoded(pictures.coffee(160, 120)), "/page": b"<html>sign in</html>"}) as url:
        yield url


@pytest.mark.parametrize("kind", list(HookKind))
def test_an_event_becomes_a_delivered_picture_that_says_where_it_came_from(
    kind: HookKind, open_stack: Deployment, files: str
) -> None:
    name = f"{kind.value}-{uuid.uuid4().hex[:6]}"
    made = open_stack.client.hooks.put(name, kind, Job(rights="owned"), folder=name)
    assert made.secret is not None
    event = event_about(kind, f"{files}/photo.png")
    status, taken = send(open_stack.info.api_url, name, kind, made.secret, event)
    assert status == 202, str(taken)
    (ordered,) = taken["fetches"]
    again = send(open_stack.info.api_url, name, kind, made.secret, event)[1]["fetches"]
    assert [each["fetch_id"] for each in again] == [ordered["fetch_id"]]

    fetched = open_stack.client.fetches.wait(ordered["fetch_id"])
    assert fetched.state is FetchState.FETCHED, fetched
    assert fetched.asset_id is not None
    asset = open_stack.outcome(fetched.asset_id, timeout=280)
    assert asset.status is Status.DELIVERED, asset.outcome
    assert {"cms": kind.value, "hook": name}.items() <= asset.tags.items()
    assert open_stack.manifest(ordered["key"]) is not None
    versions = open_stack.s3.list_object_versions(Bucket=open_stack.outputs["InboxBucket"], Prefix=ordered["key"])
    assert len(versions["Versions"]) == 1


def test_the_outcome_is_told_to_the_system_and_names_its_document(open_stack: Deployment, files: str) -> None:
    kind, name = HookKind.WORDPRESS, f"back-{uuid.uuid4().hex[:6]}"
    with receiving() as system:
        job = Job(rights="owned", callback=f"{system.url}/cleanplate")
        made = open_stack.client.hooks.put(name, kind, job, folder=name)
        assert made.secret is not None
        event = event_about(kind, f"{files}/photo.png")
        status, taken = send(open_stack.info.api_url, name, kind, made.secret, event)
        assert status == 202, taken
        told = system.at("/cleanplate", timeout=280)[0].verified(open_stack.client.webhooks.callback_secret().secret)
    assert told["type"] == "cleanplate.asset.delivered.v1"
    assert told["data"]["tags"] == {"cms": "wordpress", "cms.id": "45", "hook": name}
    assert told["data"]["key"] == taken["fetches"][0]["key"]


@pytest.mark.parametrize("kind", list(HookKind))
def test_who_does_not_know_the_secret_is_refused(kind: HookKind, open_stack: Deployment, files: str) -> None:
    name = f"{kind.value}-{uuid.uuid4().hex[:6]}"
    hooks = open_stack.client.hooks
    hooks.put(name, kind)
    other = hooks.put(f"{name}-other", kind).secret
    assert other is not None
    status, problem = send(open_stack.info.api_url, name, kind, other, event_about(kind, f"{files}/photo.png"))
    assert (status, problem["code"]) == (401, "bad_signature")


def test_after_a_rotation_both_secrets_open_the_hook(open_stack: Deployment, files: str) -> None:
    kind, name = HookKind.SANITY, f"rotated-{uuid.uuid4().hex[:6]}"
    older = open_stack.client.hooks.put(name, kind).secret
    newer = open_stack.client.hooks.rotate(name).secret
    assert older is not None
    assert newer is not None
    for secret in (newer, older):
        assert send(open_stack.info.api_url, name, kind, secret, event_about(kind, f"{files}/photo.png"))[0] == 202
    open_stack.client.hooks.remove(name)
    assert send(open_stack.info.api_url, name, kind, newer, event_about(kind, f"{files}/photo.png"))[0] == 404


@pytest.mark.parametrize(("path", "code"), [("page", "unknown_type"), ("nothing.png", "source_refused")])
def test_what_is_no_picture_makes_no_asset_and_the_order_says_why(
    path: str, code: str, open_stack: Deployment, files: str
) -> None:
    name = f"generic-{uuid.uuid4().hex[:6]}"
    made = open_stack.client.hooks.put(name, HookKind.GENERIC, folder=name)
    assert made.secret is not None
    event = {"url": f"{files}/{path}"}
    _, taken = send(open_stack.info.api_url, name, HookKind.GENERIC, made.secret, event)
    fetched = open_stack.client.fetches.wait(taken["fetches"][0]["fetch_id"])
    assert (fetched.state, fetched.code, fetched.asset_id) == (FetchState.FAILED, code, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"])
def test_without_the_switch_no_hook_reaches_into_a_network(host: str, deployment: Deployment) -> None:
    name = f"generic-{uuid.uuid4().hex[:6]}"
    made = deployment.client.hooks.put(name, HookKind.GENERIC)
    assert made.secret is not None
    event = {"url": f"https://{host}/photo.png"}
    status, problem = send(deployment.info.api_url, name, HookKind.GENERIC, made.secret, event)
    assert (status, problem["code"]) == (400, "private_address")
