"""Events of content systems are read for the pictures in them, and for nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import cms
from schemas.cms.picture import part
from schemas.errors import BadInput
from schemas.hook import HookKind, HookRules
from schemas.job import Job
from schemas.keys import is_safe_upload_key

Captured = Callable[[str], Any]
EVENTS = {
    HookKind.GENERIC: "hook-generic",
    HookKind.WORDPRESS: "wordpress-attachment-added",
    HookKind.CONTENTFUL: "contentful-asset-published",
    HookKind.SANITY: "sanity-image-asset-created",
}


def read(kind: HookKind, event: Any) -> list[Any]:
    return cms.pictures(kind, json.dumps(event).encode())


def test_each_systems_event_names_its_picture_its_path_and_where_it_comes_from(captured: Captured) -> None:
    found = {kind: read(kind, captured(name)["body"]) for kind, name in EVENTS.items()}
    assert all(len(pictures) == 1 for pictures in found.values())
    told = {kind: (picture.url, picture.path, picture.tags) for kind, (picture,) in found.items()}
    assert told == {
        HookKind.GENERIC: ("https://dam.example.com/files/4711.jpg?version=3", "catalogue/chair.jpg", {}),
        HookKind.WORDPRESS: (
            "https://blog.example.com/wp-content/uploads/2026/11/großer-hafen.jpg",
            "45/großer-hafen.jpg",
            {"cms.id": "45"},
        ),
        HookKind.CONTENTFUL: (
            (
                "https://images.ctfassets.net/yadj1kx9rmg0/wtrHxeu3zEoEce2MokCSi/"
                "a6d7663a59c6ffbe9611a8f405c4eb36/harbour_noon.jpg"
            ),
            "wtrHxeu3zEoEce2MokCSi/en-US/harbour noon.jpg",
            {"cms.id": "wtrHxeu3zEoEce2MokCSi", "cms.locale": "en-US", "cms.space": "yadj1kx9rmg0"},
        ),
        HookKind.SANITY: (
            "https://cdn.sanity.io/images/zp7mbokg/production/000d3a19d7bb022f39de0b0b7baff6ed95c2b7f1-2132x1876.png",
            "image-000d3a19d7bb022f39de0b0b7baff6ed95c2b7f1-2132x1876-png/logo on a wall.png",
            {"cms.id": "image-000d3a19d7bb022f39de0b0b7baff6ed95c2b7f1-2132x1876-png"},
        ),
    }
    assert found[HookKind.GENERIC][0].job == Job(scale=2, tags={"sku": "4711"})


def test_what_tells_of_no_picture_leads_to_nothing(captured: Captured) -> None:
    attachment = captured("wordpress-attachment-added")["body"]
    asset = captured("contentful-asset-published")["body"]
    image = captured("sanity-image-asset-created")["body"]
    assert read(HookKind.WORDPRESS, attachment | {"mime_type": "application/pdf"}) == []
    assert read(HookKind.WORDPRESS, attachment | {"mime_type": "image/svg+xml"}) == []
    assert read(HookKind.CONTENTFUL, {"sys": {"type": "Entry", "id": "x"}, "fields": {"file": "no file"}}) == []
    assert read(HookKind.CONTENTFUL, {"sys": asset["sys"] | {"type": "DeletedAsset"}}) == []
    assert read(HookKind.CONTENTFUL, asset | {"fields": {"title": {"en-US": "no file yet"}}}) == []
    unprocessed = {"fileName": "a.jpg", "contentType": "image/jpeg", "upload": "https://example.com/a.jpg"}
    assert read(HookKind.CONTENTFUL, asset | {"fields": {"file": {"en-US": unprocessed}}}) == []
    assert read(HookKind.SANITY, image | {"_type": "sanity.fileAsset"}) == []
    assert read(HookKind.SANITY, {"title": "a projection of something else"}) == []


def test_locales_with_files_of_their_own_are_pictures_of_their_own(captured: Captured) -> None:
    asset = captured("contentful-asset-published")["body"]
    shared = asset["fields"]["file"]["en-US"]
    own = shared | {"url": "//images.ctfassets.net/other.jpg", "fileName": "andere.jpg"}
    found = read(HookKind.CONTENTFUL, asset | {"fields": {"file": {"en-US": shared, "en-GB": shared, "de": own}}})
    assert [picture.path.partition("/")[2] for picture in found] == ["de/andere.jpg", "en-GB/harbour noon.jpg"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (HookKind.GENERIC, b"not json"),
        (HookKind.GENERIC, b"\xff"),
        (HookKind.GENERIC, b"{}"),
        (HookKind.GENERIC, b'{"url": "https://a.example/", "jobb": {}}'),
        (HookKind.GENERIC, b'{"url": "https://a.example/", "job": {"scale": 3}}'),
        (HookKind.GENERIC, b'{"url": "https://a.example/", "job": {"batch": "b-000000000000000000000000"}}'),
        (HookKind.WORDPRESS, b'{"id": 45}'),
        (HookKind.WORDPRESS, b"[]"),
        (HookKind.CONTENTFUL, b'{"fields": {}}'),
        (HookKind.CONTENTFUL, b'{"sys": {"type": "Asset", "id": "../x"}, "fields": {}}'),
        (HookKind.CONTENTFUL, b'{"sys": {"type": "Asset", "id": "x"}, "fields": {"file": {"../": {}}}}'),
        (HookKind.SANITY, b'{"_type": "sanity.imageAsset", "_id": "../../x", "url": "https://a.example/"}'),
        (HookKind.SANITY, b'"text"'),
    ],
)
def test_what_such_a_system_does_not_send_is_refused_in_words(kind: HookKind, body: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        cms.pictures(kind, body)
    assert refused.value.code == "bad_event"


@given(st.text())
def test_a_name_that_people_gave_a_file_is_one_plain_part_of_a_path(name: str) -> None:
    made = part(name, "picture")
    assert is_safe_upload_key(f"remove-watermark/{made}")
    assert "/" not in made
    assert not made.startswith(".")
    assert len(made) <= 120


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("images.ctfassets.net", True),
        ("a.example.com", True),
        ("a.b.example.com", True),
        ("example.com", False),
        ("badexample.com", False),
        ("images.ctfassets.net.evil.example", False),
        ("127.0.0.1", False),
    ],
)
def test_a_hook_that_names_hosts_takes_pictures_from_these_alone(host: str, allowed: bool) -> None:
    rules = HookRules(kind=HookKind.GENERIC, hosts=["images.ctfassets.net", "*.example.com"])
    assert rules.allows(host) is allowed
    assert HookRules(kind=HookKind.GENERIC).allows(host)


@pytest.mark.parametrize(
    "wrong",
    [
        {"job": {"batch": "b-000000000000000000000000"}},
        {"job": {"mask": "a.mask.png"}},
        {"job": {"box": "1,2,3,4"}},
        {"job": {"tags": {f"t{number}": "x" for number in range(6)}}},
        {"folder": "../x"},
        {"folder": "/x"},
        {"folder": ".hidden"},
        {"hosts": ["https://example.com"]},
        {"hosts": ["*"]},
        {"kind": "drupal"},
    ],
)
def test_a_hook_says_only_what_goes_for_all_that_it_brings(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        HookRules.model_validate({"kind": "generic", **wrong})
