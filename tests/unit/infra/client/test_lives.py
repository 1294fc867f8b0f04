"""The lives of assets, asked for: folders page by page, pictures once they are made, and nothing too large."""

from typing import Any

import pytest

from infra.client import Client
from tests.unit.infra.client.conftest import API, Answer, Script
from tests.unit.infra.report.test_lives import life_of

ASSET = life_of().asset.asset_id
LIFE, MINIATURES = f"{API}/assets/{ASSET}/life", f"{API}/assets/{ASSET}/miniatures"


def _told(missing: int) -> Answer:
    return Answer(document=life_of(missing=missing).model_dump(mode="json", exclude_none=True))


def _page(number: int, cursor: str | None) -> Answer:
    asset: dict[str, Any] = life_of(number).asset.model_dump(mode="json", exclude_none=True)
    return Answer(document={"assets": [asset], "cursor": cursor})


def test_a_folder_is_read_to_its_end(client: Client, script: Script) -> None:
    script.on("GET", f"{API}/assets", _page(1, "trip/a.jpg"), _page(2, None))
    assert [asset.asset_id for asset in client.lives.below("trip/")] == [f"a-{number:024x}" for number in (1, 2)]
    first, second = (asked.path for asked in script.asked)
    assert first.endswith("?folder=trip%2F")
    assert "cursor=trip%2Fa.jpg" in second


def test_pictures_are_asked_for_once_and_waited_for(client: Client, script: Script) -> None:
    script.on("GET", LIFE, _told(2), _told(1), _told(0))
    script.on("POST", MINIATURES, Answer(202, {"missing": 2}))
    assert client.lives.with_pictures(ASSET, pause=0.01).missing == 0
    assert [asked.method for asked in script.asked] == ["GET", "POST", "GET", "GET"]


def test_pictures_that_are_not_made_in_time_are_done_without(client: Client, script: Script) -> None:
    script.on("GET", LIFE, _told(2))
    script.on("POST", MINIATURES, Answer(202, {"missing": 2}))
    assert client.lives.with_pictures(ASSET, timeout=0.05, pause=0.01).missing == 2


@pytest.mark.parametrize(
    ("answer", "loaded"),
    [
        (Answer(200, body=b"picture"), b"picture"),
        (Answer(403, body=b"<Error/>"), None),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), None),
        (Answer(200, body=bytes(1_000_001)), None),
    ],
)
def test_a_small_picture_is_loaded_if_it_is_there_and_small(
    client: Client, script: Script, answer: Answer, loaded: bytes | None
) -> None:
    script.on("GET", "/work/1.jpg", answer)
    assert client.lives.picture(f"{script.url}/work/1.jpg?X-Amz-Signature=1") == loaded


def test_a_server_that_is_gone_has_no_picture(client: Client) -> None:
    assert client.lives.picture("http://127.0.0.1:1/1.jpg") is None
