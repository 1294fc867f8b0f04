"""A CDN that lets in only who has a signed address, and a second bucket that everything delivered is copied to."""

import hashlib
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from playwright.sync_api import Browser
from typer.testing import CliRunner

from handlers.aws import items
from infra.cli.app import app
from infra.local import stack
from schemas import signed_link
from schemas.asset import Status
from schemas.http.links import DeliveredLinks
from schemas.keys import asset_manifest_key
from schemas.picture_sources import picture_html
from tests.e2e import cdn, pictures
from tests.e2e.deployment import Deployment
from tests.e2e.project import project_with

PARTNER, PARTNER_URL = "partner-pictures", "https://pictures.partner.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


FOR_PAGES = {"mask": {}, "inpaint": {"model": "by-hole"}, "deliver": {"web": {"widths": [320, 480]}}}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A stack whose CDN is open to nobody, and whose second bucket nobody has made yet."""
    template = project_with({"for-pages": FOR_PAGES}, tmp_path_factory.mktemp("project"))
    parameters = {"LinkPublicKey": PUBLIC.decode(), "SecondTarget": PARTNER, "SecondTargetUrl": PARTNER_URL}
    with stack.temporary(stack.Options(template=template, parameters=parameters)) as info:
        deployment = Deployment(info)
        secret = json.dumps({"key": PRIVATE, "slot": 1})
        deployment.aws.client("secretsmanager").create_secret(Name=f"{info.stack_name}/links", SecretString=secret)
        yield deployment


def delivered(deployment: Deployment, text: str, recipe: str = "remove-watermark", width: int = 128) -> str:
    dirty = pictures.lettered(pictures.coffee(width, width * 3 // 4), text, 30)
    key = deployment.key(recipe, "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
    assert asset.status is Status.DELIVERED, asset.outcome
    return asset.asset_id


@pytest.fixture(scope="module")
def links(closed: Deployment) -> DeliveredLinks:
    return closed.client.delivered.links(delivered(closed, "A"), seconds=600)


def status(url: str) -> int:
    """Ask for an address as a browser on this machine does, where every name under ``localhost`` leads here."""
    parts = urlsplit(url)
    place = f"http://127.0.0.1:{parts.port}{parts.path}?{parts.query}"
    return urllib3.request("GET", place, headers={"Host": parts.netloc}, retries=False, redirect=False).status


def test_a_link_opens_each_file_and_the_manifest(links: DeliveredLinks) -> None:
    assert links.signed
    assert [status(url) for url in (links.manifest, *links.links.values())] == [200] * (1 + len(links.links))


def test_without_a_signature_nothing_is_read(closed: Deployment, links: DeliveredLinks) -> None:
    bare = [url.partition("?")[0] for url in (links.manifest, *links.links.values())]
    assert {status(url) for url in bare} == {403}
    asset = closed.client.asset(links.asset_id)
    assert asset is not None
    assert cdn.ask(closed, f"/manifests/{asset.source.key}.json").status == 403


def test_a_link_opens_one_assets_files_and_no_others(closed: Deployment, links: DeliveredLinks) -> None:
    other = closed.client.delivered.links(delivered(closed, "B"))
    query = urlsplit(links.manifest).query
    assert status(other.manifest) == 200
    assert status(f"{other.manifest.partition('?')[0]}?{query}") == 403


def signed(folder: str, until: datetime, key: rsa.RSAPrivateKey, key_id: str) -> str:
    policy = signed_link.policy_of(folder, until)
    return signed_link.query_of(policy, key.sign(policy, padding.PKCS1v15(), hashes.SHA1()), key_id)


def test_a_link_that_expired_or_that_somebody_else_signed_opens_nothing(links: DeliveredLinks) -> None:
    address, _, query = links.manifest.partition("?")
    key_id, folder = query.rpartition("=")[2], address.rpartition("/")[0] + "/*"
    now = datetime.now(UTC)
    assert status(f"{address}?{signed(folder, now + timedelta(minutes=1), KEY, key_id)}") == 200
    assert status(f"{address}?{signed(folder, now - timedelta(seconds=1), KEY, key_id)}") == 403
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert status(f"{address}?{signed(folder, now + timedelta(minutes=1), stranger, key_id)}") == 403
    assert status(f"{address}?{query.replace('Signature=', 'Signature=A')}") == 403


def test_the_commands_print_addresses_that_open(
    closed: Deployment, links: DeliveredLinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.cli.target.connect", lambda *_: closed.client)
    done = CliRunner().invoke(app, ["link", links.asset_id, "--seconds", "60"])
    assert done.exit_code == 0, done.output
    rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
    assert [name for name, _ in rows] == [*links.links, "manifest"]
    assert {status(url) for _, url in rows} == {200}
    shown = CliRunner().invoke(app, ["picture", links.asset_id, "--alt", "A cup & its saucer"])
    assert 'alt="A cup &amp; its saucer"' in shown.stdout


@pytest.mark.parametrize(("width", "ratio", "taken"), [(320, 1, 320), (390, 1, 480), (320, 2, 480)])
def test_a_browser_takes_the_smallest_type_in_the_width_that_it_needs(
    page: str, browser: Browser, width: int, ratio: float, taken: int
) -> None:
    """The ``<picture>`` that is printed, with its signed addresses, in a page of somebody else."""
    context = browser.new_context(viewport={"width": width, "height": 600}, device_scale_factor=ratio)
    try:
        shown = context.new_page()
        shown.set_content(f"<!doctype html><title>Cups</title><style>body {{ margin: 0 }}</style>{page}")
        shown.wait_for_function("document.querySelector('img').complete")
        source, natural = shown.evaluate(
            "(() => { const img = document.querySelector('img'); return [img.currentSrc, img.naturalWidth] })()"
        )
    finally:
        context.close()
    srcset = re.findall(r'image/avif" srcset="([^"]*)"', page)[0].replace("&amp;", "&")
    widths = {
        address: int(each.removesuffix("w")) for address, each in (part.split(" ") for part in srcset.split(", "))
    }
    assert widths[source] == taken
    assert natural > 0


@pytest.fixture(scope="module")
def page(closed: Deployment) -> str:
    """The ``<picture>`` of a photograph that has files for pages."""
    found = closed.client.delivered.links(delivered(closed, "PROOF", "for-pages", 480))
    return str(picture_html(found, alt="A cup"))


def copied(deployment: Deployment, asset_id: str, state: str) -> dict[str, Any]:
    """Wait until the copy of an asset stands so; return how it stands."""
    deadline = time.monotonic() + 90
    while True:
        found = [items.from_item(item) for item in deployment.items(asset_id, "COPY#")]
        if found and found[0]["state"] == state:
            return found[0]
        assert time.monotonic() < deadline, f"waiting for {state}: {found}"
        time.sleep(0.3)


def test_what_is_delivered_is_copied_once_the_second_bucket_can_be_written_and_goes_with_the_first(
    closed: Deployment,
) -> None:
    asset_id = delivered(closed, "C")  # though the second bucket is not there
    assert copied(closed, asset_id, "failed")["code"].startswith("aws_")
    closed.s3.create_bucket(Bucket=PARTNER)
    copied(closed, asset_id, "copied")
    manifest = json.load(closed.s3.get_object(Bucket=PARTNER, Key=asset_manifest_key(asset_id))["Body"])
    assert manifest["fallback"]["src"].startswith(f"{PARTNER_URL}/assets/{asset_id}/")
    assert manifest["renditions"]
    for file in manifest["renditions"]:
        data = closed.s3.get_object(Bucket=PARTNER, Key=file["key"])["Body"].read()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]

    closed.client.removals.withdraw(asset_id, "rights")
    copied(closed, asset_id, "removed")
    left = closed.s3.list_objects_v2(Bucket=PARTNER, Prefix=f"assets/{asset_id}/")["Contents"]
    assert [each["Key"] for each in left] == [asset_manifest_key(asset_id)]

    closed.client.removals.erase(asset_id, "request")
    closed.client.removals.erased(asset_id)
    deadline = time.monotonic() + 60
    while manifest["source"]["key"] in str(found := closed.s3.list_objects_v2(Bucket=PARTNER)) or asset_id in str(
        found
    ):
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.3)
