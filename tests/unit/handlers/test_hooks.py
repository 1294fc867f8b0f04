"""Events of content systems: whoever shares the secret is let in, once for each event, and nobody else."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import fetching, outbound
from handlers.api import app
from handlers.aws import fetches, secrets
from handlers.aws.clients import client
from handlers.hooks import keeping, receiving, signatures
from handlers.hooks.signatures import Sent, is_signed
from handlers.settings import settings as deployed
from schemas.errors import BadInput
from schemas.hook import HookKind
from schemas.overlapping import OVERLAP
from schemas.records import now
from tests.signing import signed
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Answer, Call, refused
from tests.unit.schemas.test_cms import EVENTS

KINDS = list(HookKind)
SECRETS = {
    HookKind.GENERIC: "whsec_" + "q" * 32,
    HookKind.WORDPRESS: "whsec_" + "Q" * 32,
    HookKind.CONTENTFUL: "c" * 64,
    HookKind.SANITY: "a secret of sanity".replace(" ", "-"),
}
Post = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    receiving._known.clear()


@pytest.fixture
def queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    url = str(client("sqs").create_queue(QueueName="fetches")["QueueUrl"])
    monkeypatch.setenv("FETCH_QUEUE_URL", url)
    deployed.cache_clear()
    return url


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that were looked up; those of ``private.example`` are not public."""
    found: list[str] = []

    def check(url: str) -> None:
        found.append(url)
        if "private.example" in url:
            raise BadInput("Not public.", code="private_address")

    monkeypatch.setattr(outbound, "check", check)
    return found


@pytest.fixture
def post(queue: str, asked: list[str], captured: Callable[[str], Any], context: Any) -> Post:
    """Post an event to a hook as its system does; without a token, and signed with ``secret``."""

    def send(
        name: str,
        kind: HookKind,
        secret: str,
        event: Any = None,
        *,
        headers: dict[str, str] | None = None,
        at: float | None = None,
        changed: bytes | None = None,
    ) -> Answer:
        known = captured(EVENTS[kind])
        body = json.dumps(known["body"] if event is None else event, ensure_ascii=False).encode()
        path = f"/hooks/{name}"
        request = captured("http-api-post")
        request["rawPath"] = request["requestContext"]["http"]["path"] = path
        del request["requestContext"]["authorizer"]
        added = signed(kind, secret, path, body, at=at) if headers is None else headers
        request["headers"] = {**known["headers"], **added}
        request["body"], request["isBase64Encoded"] = (body if changed is None else changed).decode(), False
        answer = answered(request, context)
        return answer["statusCode"], json.loads(answer["body"])

    return send


@pytest.fixture
def hook(call: Call) -> Callable[..., dict[str, Any]]:
    def make(kind: HookKind, name: str = "blog", **more: Any) -> dict[str, Any]:
        status, made = call("PUT", f"/hooks/{name}", body={"kind": kind, **more})
        assert status == 200, made
        return made

    return make


def waiting(queue: str) -> int:
    found = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_becomes_an_order_with_the_hooks_job_and_tags_of_where_it_comes_from(
    kind: HookKind, hook: Any, post: Post, queue: str
) -> None:
    job = {"rights": "owned", "recipe": "clean-and-print", "tags": {"team": "web"}}
    made = hook(kind, job=job, folder="cms")
    status, taken = post("blog", kind, made["secret"])
    assert status == 202, taken
    (shown,) = taken["fetches"]
    record = fetches.find(shown["fetch_id"])
    assert record is not None
    assert record.key.startswith("clean-and-print/cms/")
    assert record.job.rights == "owned"
    assert {"team": "web", "cms": kind.value, "hook": "blog"}.items() <= record.job.tags.items()
    assert ("cms.id" in record.job.tags) is (kind is not HookKind.GENERIC)
    assert waiting(queue) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_comes_ten_times_is_one_order(kind: HookKind, hook: Any, post: Post) -> None:
    made = hook(kind)
    names = {post("blog", kind, made["secret"])[1]["fetches"][0]["fetch_id"] for _ in range(10)}
    assert len(names) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_a_changed_body_and_a_missing_signature_are_refused(
    kind: HookKind, hook: Any, post: Post, queue: str, asked: list[str]
) -> None:
    made = hook(kind)
    refused(post("blog", kind, SECRETS[kind]), 401, "bad_signature")
    refused(post("blog", kind, made["secret"], changed=b'{"url": "https://evil.example/"}'), 401, "bad_signature")
    refused(post("blog", kind, made["secret"], headers={}), 401, "bad_signature")
    assert (asked, waiting(queue)) == ([], 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_of_another_time_is_refused(kind: HookKind, hook: Any, post: Post) -> None:
    """Sanity may try again for half an hour with one signature; the others sign each try."""
    made, longest = hook(kind), 61 if kind is HookKind.SANITY else 6
    for minutes in (-longest, 6):
        refused(post("blog", kind, made["secret"], at=time.time() + 60 * minutes), 401, "bad_signature")
    assert post("blog", kind, made["secret"], at=time.time() - 60 * (longest - 2))[0] == 202


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_of_one_hook_opens_no_other(kind: HookKind, hook: Any, post: Post) -> None:
    first = hook(kind, "first")
    hook(kind, "second")
    refused(post("second", kind, first["secret"]), 401, "bad_signature")


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.dictionaries(
        st.sampled_from(
            sorted(
                (
                    "webhook-id",
                    "webhook-timestamp",
                    "webhook-signature",
                    "sanity-webhook-signature",
                    "x-contentful-signature",
                    "x-contentful-timestamp",
                    "x-contentful-signed-headers",
                )
            )
        ),
        st.text(max_size=80),
    ),
    body=st.binary(max_size=60),
)
def test_nothing_that_anybody_makes_up_is_signed(kind: HookKind, headers: dict[str, str], body: bytes) -> None:
    assert not is_signed(kind, SECRETS[kind], Sent("/hooks/blog", "", headers, body))


def test_the_form_of_a_time_says_nothing_without_its_signature() -> None:
    stamp = str(int(time.time()))
    shapes = ["v1", "v1,", "v1,====", "v2,abc", "v1,abc v1,def", "v1,ÿ", ","]
    for shape in shapes:
        headers = {"webhook-id": "1", "webhook-timestamp": stamp, "webhook-signature": shape}
        assert not is_signed(HookKind.GENERIC, SECRETS[HookKind.GENERIC], Sent("/", "", headers, b"{}"))


OF_CONTENTFULS_TOOLKIT = [
    # Made with @contentful/node-apps-toolkit: headers, signature, path and query.
    (
        {
            "content-type": "application/vnd.contentful.management.v1+json",
            "x-contentful-topic": "ContentManagement.Entry.publish",
            "x-contentful-signed-headers": (
                "content-type,x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
            ),
            "x-contentful-signature": "8dec81505760a10b542fbc36d3aa0a772b11f759eca7b2351daaf5bba8c7c6f1",
        },
        "/trigger/SW5zdGFuY2VGbG93Q29uZmlnOjE=",
        "",
    ),
    (
        {
            "x-contentful-webhook-name": " My Hook ",
            "x-contentful-signed-headers": (
                "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-webhook-name"
            ),
            "x-contentful-signature": "c8c83deb1a865012752f66594e6228056c826fd7227a70361b3a304e124555ec",
        },
        "/trigger/abc",
        "foo=bar baz&x=1",
    ),
]


@pytest.mark.parametrize(("headers", "path", "query"), OF_CONTENTFULS_TOOLKIT)
def test_what_contentfuls_own_toolkit_signed_is_signed(
    headers: dict[str, str], path: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures.time, "time", lambda: 1767225600.0)
    body = b'{"sys":{"id":"5KsDBWseXY6QegucYAoacS","type":"Entry"},"fields":{"title":{"en-US":"Hello, World!"}}}'
    sent = Sent(path, query, {**headers, "x-contentful-timestamp": "1767225600000"}, body)
    secret = "a" * 32 + "b" * 32
    assert is_signed(HookKind.CONTENTFUL, secret, sent)
    assert not is_signed(HookKind.CONTENTFUL, secret, sent._replace(path="/other"))
    assert not is_signed(HookKind.CONTENTFUL, secret, sent._replace(query="other"))
    for name in set(headers["x-contentful-signed-headers"].split(",")) - {"x-contentful-signed-headers"}:
        assert not is_signed(HookKind.CONTENTFUL, secret, sent._replace(headers={**sent.headers, name: "other"}))


OF_SANITYS_TOOLKIT = [
    # From the tests of @sanity/webhook: secret, body, time and signature.
    ("test", b'{"_id":"resume"}', 1633519811129, "tLa470fx7qkLLEcMOcEUFuBbRSkGujyskxrNXcoh0N0"),
    ("try-me", b'{"title":"GROQ-Hooks are neat"}', 1633518820676, "e7C9h2sfbFfc4V7TEz7PSOp4IoNzl0UdVsBV-1wgdeA"),
]


@pytest.mark.parametrize(("secret", "body", "stamp", "signature"), OF_SANITYS_TOOLKIT)
def test_what_sanitys_own_toolkit_signed_is_signed(
    secret: str, body: bytes, stamp: int, signature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures.time, "time", lambda: stamp / 1000)
    sent = Sent("/hooks/blog", "", {"sanity-webhook-signature": f"t={stamp},v1={signature}"}, body)
    assert is_signed(HookKind.SANITY, secret, sent)
    assert not is_signed(HookKind.SANITY, secret, sent._replace(body=body + b" "))
    later = {"sanity-webhook-signature": f"t={stamp + 1},v1={signature}"}
    assert not is_signed(HookKind.SANITY, secret, sent._replace(headers=later))


def test_contentful_has_to_sign_its_time() -> None:
    body, secret, stamp = b"{}", SECRETS[HookKind.CONTENTFUL], str(int(time.time() * 1000))
    headers = signed(HookKind.CONTENTFUL, secret, "/hooks/blog", body)
    without = {**headers, "x-contentful-signed-headers": "x-contentful-topic", "x-contentful-timestamp": stamp}
    assert not is_signed(HookKind.CONTENTFUL, secret, Sent("/hooks/blog", "", without, body))


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_rotation_both_secrets_are_good_for_a_day(
    kind: HookKind, hook: Any, post: Post, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = hook(kind)["secret"]
    assert post("blog", kind, older)[0] == 202
    status, rotated = call("POST", "/hooks/blog/rotate")
    assert (status, rotated["secret"] != older) == (200, True)
    monkeypatch.setattr(receiving, "_YOUNG_SECONDS", -1.0)  # as if a while had passed since the older one was read
    assert post("blog", kind, rotated["secret"])[0] == 202
    assert post("blog", kind, older)[0] == 202
    monkeypatch.setattr(receiving, "now", lambda: now() + OVERLAP)
    refused(post("blog", kind, older), 401, "bad_signature")
    assert post("blog", kind, rotated["secret"])[0] == 202


def test_who_guesses_does_not_make_us_read_the_secret_each_time(
    hook: Any, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(HookKind.GENERIC)
    reads: list[str] = []
    read = secrets.read
    monkeypatch.setattr(secrets, "read", lambda name: reads.append(name) or read(name))
    for _ in range(5):
        refused(post("blog", HookKind.GENERIC, SECRETS[HookKind.GENERIC]), 401, "bad_signature")
    assert len(reads) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_is_told_once_and_a_given_one_never(kind: HookKind, hook: Any, post: Post, call: Call) -> None:
    made = hook(kind)
    assert len(made["secret"]) >= 32
    again = hook(kind, job={"tier": "web"})
    given_ = hook(kind, "other", secret=SECRETS[kind])
    _, listed = call("GET", "/hooks")
    for shown in (again, given_, *listed["hooks"]):
        assert "secret" not in shown
    assert [shown["name"] for shown in listed["hooks"]] == ["blog", "other"]
    assert post("blog", kind, made["secret"])[0] == 202
    assert post("other", kind, SECRETS[kind])[0] == 202


def test_a_hook_that_is_taken_away_is_gone_with_its_secret(hook: Any, post: Post, call: Call) -> None:
    made = hook(HookKind.SANITY)
    assert call("DELETE", "/hooks/blog")[0] == 200
    refused(post("blog", HookKind.SANITY, made["secret"]), 404, "unknown_hook")
    refused(call("DELETE", "/hooks/blog"), 404, "unknown_hook")
    assert keeping.secrets_of("blog") is None


def test_a_hook_that_is_made_anew_is_not_opened_by_what_opened_the_older_one(hook: Any, post: Post, call: Call) -> None:
    older = hook(HookKind.GENERIC)["secret"]
    assert post("blog", HookKind.GENERIC, older)[0] == 202
    call("DELETE", "/hooks/blog")
    newer = hook(HookKind.GENERIC)["secret"]
    refused(post("blog", HookKind.GENERIC, older), 401, "bad_signature")
    assert post("blog", HookKind.GENERIC, newer)[0] == 202


@pytest.mark.parametrize(
    ("kind", "wrong", "code"),
    [
        ("contentful", {"secret": "x" * 63}, "bad_secret"),
        ("generic", {"secret": "whsec_tooshort12"}, "bad_secret"),
        ("generic", {"secret": "q" * 44}, "bad_secret"),
        ("generic", {"job": {"recipe": "no-such"}}, "unknown_recipe"),
        ("drupal", {}, "bad_request"),
    ],
)
def test_a_hook_that_could_not_work_is_refused_when_it_is_made(
    call: Call, kind: str, wrong: dict[str, Any], code: str
) -> None:
    refused(call("PUT", "/hooks/blog", body={"kind": kind, **wrong}), 400, code)
    assert call("GET", "/hooks")[1] == {"hooks": []}


@pytest.mark.parametrize("name", ["Blog", "-blog", "b" * 41])
def test_a_name_that_no_address_should_hold_is_refused(call: Call, name: str) -> None:
    refused(call("PUT", f"/hooks/{name}", body={"kind": "generic"}), 400, "bad_hook_name")


def test_a_picture_on_another_host_than_the_hook_allows_is_not_even_looked_up(
    hook: Any, post: Post, asked: list[str], queue: str
) -> None:
    made = hook(HookKind.GENERIC, hosts=["dam.example.com"])
    assert post("blog", HookKind.GENERIC, made["secret"])[0] == 202
    del asked[:]
    for url in ("https://evil.example/a.jpg", "https://dam.example.com.evil.example/a.jpg"):
        answer = post("blog", HookKind.GENERIC, made["secret"], {"url": url})
        refused(answer, 400, "host_not_allowed")
    assert (asked, waiting(queue)) == ([], 1)


def test_a_picture_inside_a_network_is_not_fetched(hook: Any, post: Post, queue: str) -> None:
    made = hook(HookKind.GENERIC)
    answer = post("blog", HookKind.GENERIC, made["secret"], {"url": "https://private.example/a.jpg"})
    refused(answer, 400, "private_address")
    assert waiting(queue) == 0


def test_an_event_says_otherwise_than_the_hook_only_what_a_job_can_say(hook: Any, post: Post) -> None:
    made = hook(HookKind.GENERIC, job={"recipe": "clean-and-print", "rights": "owned", "tags": {"a": "1"}})
    event = {"url": "https://dam.example.com/a.jpg", "job": {"recipe": "remove-watermark", "tags": {"b": "2"}}}
    _, taken = post("blog", HookKind.GENERIC, made["secret"], event)
    record = fetches.find(taken["fetches"][0]["fetch_id"])
    assert record is not None
    assert (record.key, record.job.rights) == ("remove-watermark/a.jpg", "owned")
    assert record.job.tags == {"a": "1", "b": "2", "cms": "generic", "hook": "blog"}


def test_an_event_with_more_tags_than_a_job_has_is_refused(hook: Any, post: Post) -> None:
    made = hook(HookKind.GENERIC)
    event = {"url": "https://dam.example.com/a.jpg", "job": {"tags": {f"t{number}": "x" for number in range(9)}}}
    refused(post("blog", HookKind.GENERIC, made["secret"], event), 400, "bad_event")


def test_what_is_no_picture_orders_nothing_and_is_no_error(hook: Any, post: Post, queue: str) -> None:
    made = hook(HookKind.CONTENTFUL)
    entry = {"sys": {"type": "Entry", "id": "5KsDBWseXY6QegucYAoacS"}, "fields": {}}
    assert post("blog", HookKind.CONTENTFUL, made["secret"], entry) == (202, {"fetches": []})
    assert waiting(queue) == 0


def test_an_event_is_bounded_before_it_is_judged(hook: Any, post: Post) -> None:
    hook(HookKind.GENERIC)
    event = {"url": "https://dam.example.com/a.jpg", "path": "x" * 300_000}
    refused(post("blog", HookKind.GENERIC, SECRETS[HookKind.GENERIC], event), 400, "bad_event")


def test_no_secret_is_ever_written_down_or_logged(
    hook: Any, post: Post, call: Call, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    made = hook(HookKind.GENERIC)
    post("blog", HookKind.GENERIC, made["secret"])
    refused(post("blog", HookKind.GENERIC, SECRETS[HookKind.GENERIC]), 401, "bad_signature")
    items = client("dynamodb").scan(TableName=deployed().table)["Items"]
    written = json.dumps(items, default=str) + caplog.text + capsys.readouterr().out
    assert made["secret"] not in written
    assert made["secret"] not in repr(keeping.secrets_of("blog"))


def test_only_admins_make_hooks_and_nobody_needs_a_token_to_send(call: Call) -> None:
    from handlers.api import callers, openapi

    needed = {(route.method, route.path): callers.needed(route.answered_by) for route in openapi.registered(app.app)}
    hooks_ = {key: roles for key, roles in needed.items() if key[1].startswith("/hooks")}
    assert hooks_.pop(("POST", "/hooks/<hook>")) is None
    assert set(hooks_.values()) == {("admin",)}
    assert fetching.order is not None
