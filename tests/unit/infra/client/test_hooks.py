"""The client makes hooks and waits for what is fetched; a secret is shown by nothing but the answer itself."""

import json

import pytest

from infra.client import Client
from infra.client.errors import TimedOut
from schemas.fetch import FetchState
from schemas.job import Job
from tests.unit.infra.client.conftest import API, Answer, Script

HOOK = {
    "name": "blog",
    "kind": "wordpress",
    "job": {"rights": "owned"},
    "folder": "",
    "hosts": [],
    "path": "/hooks/blog",
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
}
FETCH = {
    "fetch_id": "f-" + "0" * 24,
    "state": "waiting",
    "source": "https://cms.example/a.png",
    "key": "remove-watermark/a.png",
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
}


def test_a_hook_is_sent_whole_and_has_an_address_without_the_machines_path(script: Script, client: Client):
    script.on("PUT", f"{API}/hooks/blog", Answer(document={**HOOK, "secret": "whsec_x", "new_field": 1}))
    made = client.hooks.put("blog", "wordpress", Job(rights="owned"), hosts=["blog.example.com"])
    assert json.loads(script.asked[0].body) == {
        "kind": "wordpress",
        "job": {"rights": "owned"},
        "folder": "",
        "hosts": ["blog.example.com"],
    }
    assert made.secret == "whsec_x"
    assert client.hooks.address(made) == client.url.removesuffix("/signed") + "/hooks/blog"


def test_an_unknown_kind_is_not_even_asked_for(script: Script, client: Client):
    with pytest.raises(ValueError, match="drupal"):
        client.hooks.put("blog", "drupal")
    assert script.asked == []


def test_hooks_are_listed_given_new_secrets_and_taken_away(script: Script, client: Client):
    script.on("GET", f"{API}/hooks", Answer(document={"hooks": [HOOK]}))
    script.on("POST", f"{API}/hooks/blog/rotate", Answer(document={**HOOK, "secret": "whsec_y"}))
    script.on("DELETE", f"{API}/hooks/blog", Answer(document=HOOK))
    assert [hook.name for hook in client.hooks.list()] == ["blog"]
    assert client.hooks.rotate("blog").secret == "whsec_y"
    assert client.hooks.remove("blog").name == "blog"


def test_waiting_for_a_fetch_ends_with_it(script: Script, client: Client):
    done = {**FETCH, "state": "fetched", "asset_id": "a-" + "0" * 24}
    script.on("GET", f"{API}/fetches/{FETCH['fetch_id']}", Answer(document=FETCH), Answer(document=done))
    assert client.fetches.wait(str(FETCH["fetch_id"]), pause=0).state is FetchState.FETCHED


def test_a_fetch_that_takes_too_long_goes_on_without_us(script: Script, client: Client):
    script.on("GET", f"{API}/fetches/{FETCH['fetch_id']}", Answer(document=FETCH))
    with pytest.raises(TimedOut):
        client.fetches.wait(str(FETCH["fetch_id"]), timeout=-1, pause=0)
