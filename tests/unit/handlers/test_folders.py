"""The assets of a folder: what its keys hold now, each once, in their order, and nothing of other folders."""

import pytest

from handlers.aws.clients import client
from schemas.asset import Status
from tests import documents
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import begin


def _all(call: Call, **query: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    for _ in range(20):
        status, page = call("GET", "/assets", **query, **({"cursor": cursor} if cursor else {}))
        assert status == 200
        found += [asset["asset_id"] for asset in page["assets"]]
        cursor = page["cursor"]
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


def test_pages_of_a_folder_join_without_gap_or_double(call: Call, upload: Upload) -> None:
    names = []
    for number in range(70):
        upload(f"trip/{number:03}.jpg.mask.png")
        names.append(begin(upload(f"trip/{number:03}.jpg")).asset_id)
    begin(upload("trap/1.jpg"))
    assert _all(call, folder="trip/") == names
    assert _all(call, folder="trip/06") == names[60:70]


def test_a_key_counts_as_what_it_holds_now(call: Call, upload: Upload) -> None:
    older = [upload("trip/a.jpg", bytes([number])) for number in range(3)]
    begin(older[0])
    latest = begin(older[-1]).asset_id
    last = begin(upload("trip/b.jpg")).asset_id
    begin(upload("trip/gone.jpg"))
    client("s3").delete_object(Bucket=documents.INBOX, Key="trip/gone.jpg")
    assert _all(call, folder="trip/") == [latest, last]


def test_what_nobody_has_looked_at_yet_is_left_out(call: Call, upload: Upload) -> None:
    upload("trip/new.jpg")
    assert _all(call, folder="trip/") == []


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"recipe": "find"}, True),
        ({"recipe": "find@1"}, True),
        ({"recipe": "find@2"}, False),
        ({"recipe": "fin"}, False),
        ({"status": Status.QUEUED}, True),
        ({"status": Status.FAILED}, False),
        ({"tag": "shop"}, False),
        ({"batch": "b-1"}, False),
    ],
)
def test_a_folder_is_filtered_as_a_list_is(call: Call, upload: Upload, query: dict[str, str], fits: bool) -> None:
    photo = upload("trip/a.jpg")
    begin(photo)
    assert _all(call, folder="trip/", **query) == [asset_of(photo)] * fits
    assert _all(call, **query) == [asset_of(photo)] * fits


def test_what_is_no_folder_or_cursor_is_refused(call: Call) -> None:
    refused(call("GET", "/assets", folder="f" * 1025), 400, "bad_filter")
    refused(call("GET", "/assets", folder="f", cursor="c" * 1025), 400, "bad_cursor")
