"""Links lead to what is delivered, are signed where they have to be, and never say the key."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from jsonschema import Draft202012Validator

from handlers import deliver
from handlers.aws import secrets, storage
from handlers.settings import settings
from schemas import signed_link
from schemas.picture_sources import picture_html
from schemas.pointers import S3Pointer
from schemas.run import Run
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin

CDN = "https://d111111abcdef8.cloudfront.net"
NAME = "cleanplate/links"
MANIFEST = "manifests/trip/photo.jpg.json"
Deploy = Callable[..., None]


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


@pytest.fixture
def deployed(aws: None, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Say what the template says to the function; a CDN that is open, if nothing else is said."""

    def say(**environment: str) -> None:
        for name, value in {"CDN_URL": CDN, **environment}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    say()
    return say


@pytest.fixture
def delivered(deployed: Deploy, upload: Upload) -> Run:
    run = begin(upload("trip/photo.jpg"))
    deliver.deliver(at_delivery(run))
    return run


def test_links_of_an_open_cdn_are_what_the_manifest_says(call: Call, delivered: Run) -> None:
    status, found = call("GET", f"/assets/{delivered.asset_id}/links")
    assert (status, found["signed"], "expires_at" in found) == (200, False, False)
    assert found["manifest"] == f"{CDN}/assets/{delivered.asset_id}/manifest.json"
    assert found["links"]["native"].startswith(f"{CDN}/assets/{delivered.asset_id}/")
    assert found["fallback"]["src"] == found["links"]["native"]


def _checked(url: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    """Check a signature as CloudFront does; give the policy."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    policy = signed_link.read(query["Policy"])
    key.public_key().verify(signed_link.read(query["Signature"]), policy, padding.PKCS1v15(), hashes.SHA1())
    return {**json.loads(policy)["Statement"][0], "by": query["Key-Pair-Id"]}


@pytest.mark.parametrize(("slot", "by"), [(1, "K1"), (2, "K2")])
def test_signed_links_open_the_files_of_one_asset_until_they_expire(
    call: Call, deployed: Deploy, delivered: Run, slot: int, by: str
) -> None:
    secrets.write(NAME, json.dumps({"key": pem(private_key()), "slot": slot}))
    deployed(LINK_SECRET=NAME, LINK_KEY_IDS="K1,K2")
    before = datetime.now(UTC).timestamp()
    status, found = call("GET", f"/assets/{delivered.asset_id}/links", seconds="120")
    assert (status, found["signed"]) == (200, True)
    for url in (found["manifest"], *found["links"].values(), found["fallback"]["src"]):
        policy = _checked(url, private_key())
        assert policy["Resource"] == f"{CDN}/assets/{delivered.asset_id}/*"
        until = policy["Condition"]["DateLessThan"]["AWS:EpochTime"]
        assert before + 119 <= until <= before + 180
        assert datetime.fromisoformat(found["expires_at"]).timestamp() == until
        assert policy["by"] == by
    html = picture_html_of(found)
    assert "Signature=" in html
    assert "PRIVATE" not in json.dumps(found)


def picture_html_of(found: dict[str, Any]) -> str:
    from schemas.http.links import DeliveredLinks

    return str(picture_html(DeliveredLinks.model_validate(found)))


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "no document",
        json.dumps({"key": "-----BEGIN PRIVATE KEY-----\nbroken"}),
        json.dumps({"key": pem(ec.generate_private_key(ec.SECP256R1()))}),
        json.dumps({"key": pem(private_key()), "slot": 2}),
    ],
    ids=["missing", "no-document", "broken", "not-rsa", "empty-slot"],
)
def test_a_secret_that_cannot_be_used_is_said_and_not_shown(
    call: Call, deployed: Deploy, delivered: Run, secret: str | None
) -> None:
    if secret:
        secrets.write(NAME, secret)
    deployed(LINK_SECRET=NAME, LINK_KEY_IDS="K1,")
    said = refused(call("GET", f"/assets/{delivered.asset_id}/links"), 422, "link_secret")
    assert "BEGIN" not in said


@pytest.mark.parametrize("seconds", ["59", "604801", "long", ""])
def test_nobody_gets_links_for_longer_than_a_week(call: Call, delivered: Run, seconds: str) -> None:
    refused(call("GET", f"/assets/{delivered.asset_id}/links", seconds=seconds), 400, "bad_request")


def test_what_an_older_deployment_delivered_has_links_too(call: Call, delivered: Run) -> None:
    """Version 1 lay under the key alone, and its files had no `url`."""
    places = [S3Pointer(bucket=DELIVERY, key=key) for key in (f"assets/{delivered.asset_id}/manifest.json", MANIFEST)]
    _, now = call("GET", f"/assets/{delivered.asset_id}/links")
    document = json.loads(storage.read_text(places[1]) or "")
    for file in document["renditions"]:
        del file["url"], file["purpose"], file["credentials"]
    kept = ("asset_id", "run_id", "source", "recipe", "recipe_sha256", "delivered_at", "renditions")
    storage.delete(places[0])
    storage.write_text(places[1], json.dumps({"version": 1, **{name: document[name] for name in kept}}))
    assert call("GET", f"/assets/{delivered.asset_id}/links") == (200, now)
    storage.write_text(places[1], json.dumps({"version": 1, "asset_id": delivered.asset_id}))
    refused(call("GET", f"/assets/{delivered.asset_id}/links"), 409, "nothing_delivered")


def test_what_is_not_delivered_has_no_links(call: Call, deployed: Deploy, upload: Upload) -> None:
    run = begin(upload("trip/photo.jpg"))
    refused(call("GET", f"/assets/{run.asset_id}/links"), 409, "nothing_delivered")
    refused(call("GET", "/assets/a-" + "0" * 24 + "/links"), 404, "unknown_asset")


def test_a_manifest_keeps_to_the_schema_that_is_served(call: Call, delivered: Run) -> None:
    from handlers import manifests as places
    from handlers.aws import manifests

    status, schema = call("GET", "/manifests/schema")
    assert status == 200
    document = manifests.look(places.place_of(delivered.asset_id)).document
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
