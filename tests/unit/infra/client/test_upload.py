import base64
import email
import email.policy
import json
from pathlib import Path

import pytest

from infra.client import ApiError, Client, Job
from schemas import ids
from schemas.pointers import Box, Point
from tests.unit.infra.client.conftest import API, Answer, Asked, Script


def form_of(asked: Asked) -> list[tuple[str, bytes]]:
    message = email.message_from_bytes(
        b"Content-Type: " + asked.headers["Content-Type"].encode() + b"\r\n\r\n" + asked.body,
        policy=email.policy.HTTP,
    )
    return [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in message.iter_parts()
    ]


def offer(script: Script, key: str) -> None:
    form = {"bucket": "inbox", "key": key, "url": f"{script.url}/inbox", "fields": {"key": key, "policy": "p=="}}
    script.on("POST", f"{API}/assets", Answer(document=form))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(bytes(range(256)) * 3000)
    return path


def test_an_upload_is_named_after_the_version_that_s3_gave(script: Script, client: Client, photo: Path):
    offer(script, "enhance/a/photo.png")
    script.on("POST", "/inbox", Answer(204, headers={"x-amz-version-id": "v7"}))
    assert client.upload("a/photo.png", photo, Job(recipe="enhance")) == ids.asset_id(
        "inbox", "enhance/a/photo.png", "v7"
    )


def test_the_form_carries_all_fields_and_the_file_comes_last_and_whole(script: Script, client: Client, photo: Path):
    offer(script, "k.png")
    script.on("POST", "/inbox", Answer(204, headers={"x-amz-version-id": "v"}))
    client.upload("k.png", photo)
    assert form_of(script.asked[-1]) == [("key", b"k.png"), ("policy", b"p=="), ("file", photo.read_bytes())]


def test_only_what_was_asked_for_is_sent(script: Script, client: Client, photo: Path):
    offer(script, "k.png")
    script.on("POST", "/inbox", Answer(204, headers={"x-amz-version-id": "v"}))
    client.upload(
        "k.png",
        photo,
        Job(scale=2, format="png", box=Box(x=1, y=2, width=3, height=4), point=Point(x=5, y=6), prompt="é"),
    )
    assert json.loads(script.asked[0].body) == {
        "path": "k.png",
        "scale": 2,
        "format": "png",
        "box": {"x": 1, "y": 2, "width": 3, "height": 4},
        "point": {"x": 5, "y": 6},
        "prompt": "é",
    }


def test_requests_are_signed_for_the_api(script: Script, client: Client):
    script.on("GET", f"{API}/recipes", Answer(document={"recipes": []}))
    client.recipes.list()
    authorization = script.asked[0].headers["Authorization"]
    assert authorization.startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert "/eu-central-1/execute-api/aws4_request" in authorization


def test_without_a_version_the_api_is_asked_for_the_key(script: Script, client: Client, photo: Path):
    offer(script, "recipe/photo one.png")
    script.on("POST", "/inbox", Answer(204))
    unknown = Answer(404, {"code": "unknown_asset", "detail": "Nothing is known under this key."})
    script.on("GET", f"{API}/assets", unknown, Answer(document={"assets": [{"asset_id": "a-1"}]}))
    assert client.upload("photo one.png", photo) == "a-1"
    assert script.asked[-1].path.endswith("?key=recipe%2Fphoto%20one.png")


def test_a_mask_goes_where_only_its_own_photo_finds_it(script: Script, client: Client, photo: Path):
    offer(script, "k")
    script.on("POST", "/inbox", Answer(204))
    client.upload_mask("a/photo.jpg", photo)
    assert script.asked[0].body == b'{"path": "a/photo.jpg.mask.png"}'


@pytest.mark.parametrize(("name", "code"), [("EntityTooLarge", "too_many_bytes"), ("EntityTooSmall", "empty")])
def test_a_file_that_the_form_refuses_is_named_in_words(script: Script, client: Client, photo: Path, name, code):
    offer(script, "k")
    script.on("POST", "/inbox", Answer(400, body=f"<Error><Code>{name}</Code></Error>".encode()))
    with pytest.raises(ApiError) as caught:
        client.upload("k", photo)
    assert caught.value.code == code


@pytest.mark.parametrize(("limits", "code"), [([1, 100], "too_many_bytes"), ([10**6, 10**9], "empty")])
def test_a_file_outside_the_forms_limits_is_not_sent_at_all(script: Script, client: Client, photo: Path, limits, code):
    conditions = [{"bucket": "inbox"}, ["content-length-range", *limits]]
    policy = base64.b64encode(json.dumps({"conditions": conditions}).encode()).decode()
    form = {"bucket": "inbox", "key": "k", "url": f"{script.url}/inbox", "fields": {"policy": policy}}
    script.on("POST", f"{API}/assets", Answer(document=form))
    with pytest.raises(ApiError) as caught:
        client.upload("k", photo)
    assert caught.value.code == code
    assert [asked.path for asked in script.asked] == [f"{API}/assets"]


def test_a_problem_document_becomes_its_sentence(script: Script, client: Client, photo: Path):
    problem = {"status": 400, "code": "unknown_recipe", "detail": "There is no recipe `x`."}
    script.on("POST", f"{API}/assets", Answer(400, problem))
    with pytest.raises(ApiError, match="There is no recipe") as caught:
        client.upload("k", photo, Job(recipe="x"))
    assert (caught.value.code, caught.value.status) == ("unknown_recipe", 400)
