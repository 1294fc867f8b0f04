"""Lists, pictures, and what a notebook shows."""

import io

import pytest
from PIL import Image

from infra.client import AssetView, Client, Job
from schemas.asset import Status
from schemas.errors import PermanentFailure
from tests.unit.infra.client.conftest import API, Answer, Script
from tests.unit.infra.client.test_wait import asset


def delivered(script: Script, **more: object) -> AssetView:
    rendition = {"name": "native", "key": "assets/a/photo.png", "media_type": "image/png", "width": 5, "height": 3}
    outcome = {"status": "DELIVERED", "reason": "Fine <b>.", "code": "delivered"}
    files = [{**rendition, "size_bytes": 1, "sha256": "0" * 64}]
    document = asset("DELIVERED", outcome={**outcome, "renditions": files}, **more).document
    return AssetView.model_validate({**document, "links": {"delivered.native": f"{script.url}/link"}})


def test_a_list_is_asked_for_with_what_was_given_and_nothing_else(script: Script, client: Client) -> None:
    script.on("GET", f"{API}/assets", Answer(document={"assets": [asset("FAILED").document], "cursor": "next"}))
    page = client.assets(Status.FAILED, tag="shoot:spring 26")
    assert script.asked[-1].path == f"{API}/assets?status=FAILED&tag=shoot%3Aspring%2026"
    assert ([each.status for each in page.assets], page.cursor) == ([Status.FAILED], "next")
    client.assets()
    assert script.asked[-1].path == f"{API}/assets"


def test_an_order_to_fetch_carries_its_job_and_happens_once(script: Script, client: Client) -> None:
    moment = "2026-01-01T00:00:00Z"
    shown = {"fetch_id": "f-1", "state": "waiting", "source": "https://a.test/p.jpg", "key": "enhance/p.jpg"}
    answer = Answer(202, {**shown, "created_at": moment, "updated_at": moment})
    script.on("POST", f"{API}/assets", answer)
    assert client.fetches.order("p.jpg", "https://a.test/p.jpg?x=1", Job(recipe="enhance")).fetch_id == "f-1"
    assert b'"source_url": "https://a.test/p.jpg?x=1"' in script.asked[-1].body
    assert "Idempotency-Key" in script.asked[-1].headers


def test_a_picture_is_one_that_pillow_knows(script: Script, client: Client) -> None:
    file = io.BytesIO()
    Image.new("RGB", (5, 3), "red").save(file, "PNG")
    script.on("GET", "/link", Answer(body=file.getvalue()))
    assert client.picture(delivered(script)).size == (5, 3)


def test_an_asset_without_a_picture_is_said_to_have_none(client: Client) -> None:
    with pytest.raises(PermanentFailure, match="no picture"):
        client.picture(AssetView.model_validate(asset("QUARANTINED").document))


def test_a_notebook_shows_text_as_text_and_keeps_no_link(script: Script) -> None:
    shown = delivered(script, source={"bucket": "inbox", "key": "<script>.png"})._repr_html_()
    assert "&lt;script&gt;.png" in shown
    assert "Fine &lt;b&gt;." in shown
    assert "http" not in shown


def test_a_client_closes_its_connections_at_the_end_of_its_block(script: Script, client: Client) -> None:
    script.on("GET", f"{API}/assets/a-1", asset("DELIVERED"))
    with client as opened:
        assert opened.asset("a-1")
        assert len(opened._http.pool.pools) == 1
    assert len(client._http.pool.pools) == 0


def test_without_a_running_stack_the_client_says_how_to_start_one(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path))
    with pytest.raises(PermanentFailure, match="cleanplate up"):
        Client.local()
