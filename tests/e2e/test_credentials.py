"""What the stack delivers says what was done to it, and an independent reader trusts that."""

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import c2pa
import pytest
from PIL import Image

from infra.local.credentials import anchor_path
from infra.local.info import StackInfo
from schemas.asset import Status
from schemas.verified import Standing
from tests.e2e import cdn, pictures
from tests.e2e.deployment import Deployment


def _read(local_stack: StackInfo, data: bytes, media_type: str) -> dict[str, Any]:
    """Read with the library of the Content Authenticity Initiative alone, and the stack's anchor."""
    trust = {"version": 1, "trust": {"trust_anchors": anchor_path(local_stack.state_dir).read_text()}}
    context = c2pa.Context(c2pa.Settings.from_dict(trust))
    with c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader:
        found: dict[str, Any] = json.loads(reader.json())
    return found


def _actions(store: dict[str, Any]) -> list[dict[str, Any]]:
    assertions = store["manifests"][store["active_manifest"]]["assertions"]
    (actions,) = [each["data"]["actions"] for each in assertions if each["label"] == "c2pa.actions.v2"]
    return list(actions)


@pytest.fixture
def repaired(deployment: Deployment) -> str:
    """Repair a photograph; give its key."""
    dirty = pictures.lettered(pictures.coffee(192, 128), "A", 30)
    key = deployment.key("remove-watermark", "photo.jpg")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo, "JPEG", quality=95)))
    assert asset.status is Status.DELIVERED, asset.outcome
    return key


def test_an_independent_reader_trusts_a_delivered_file_and_reads_what_was_done(
    local_stack: StackInfo, deployment: Deployment, repaired: str
) -> None:
    data = deployment.delivered(repaired)
    store = _read(local_stack, data, "image/jpeg")
    assert store["validation_state"] == "Trusted"
    opened, filled, fitted, published = _actions(store)
    assert [each["action"] for each in (opened, filled, fitted, published)] == [
        *("c2pa.opened", "c2pa.edited", "c2pa.edited", "c2pa.published")
    ]
    assert "unblend" in filled["softwareAgent"]["name"] or "by-hole" in filled["softwareAgent"]["name"]
    assert filled["digitalSourceType"].endswith("/algorithmicallyEnhanced"), "no generative model worked on it"
    assert filled["when"]
    assert filled["changes"]
    assert b"CreatorTool" in Image.open(io.BytesIO(data)).info["xmp"]


def test_the_api_checks_what_is_delivered_and_the_record_says_that_it_is_signed(
    deployment: Deployment, repaired: str
) -> None:
    asset = deployment.client.asset(deployment.client.asset_at(repaired))
    assert asset is not None
    assert asset.outcome is not None
    assert all(rendition.credentials for rendition in asset.outcome.renditions)
    found = deployment.client.credentials.of(asset.asset_id)
    assert found.signs
    assert [file.standing for file in found.files] == [Standing.INTACT] * len(asset.outcome.renditions)
    assert found.files[0].manifest is not None
    assert found.files[0].manifest.facts["asset_id"] == asset.asset_id


def test_a_file_that_comes_back_keeps_its_history(
    local_stack: StackInfo, deployment: Deployment, repaired: str
) -> None:
    """What one run delivered is uploaded again, with something else to be removed."""
    first = deployment.delivered(repaired)
    key = deployment.key("remove-watermark", "again.jpg")
    mask = pictures.lettered(pictures.coffee(192, 128), "B", 30).mask
    deployment.put(key + ".mask.png", pictures.encoded(mask))
    assert deployment.outcome(deployment.put(key, first)).status is Status.DELIVERED
    store = _read(local_stack, deployment.delivered(key), "image/jpeg")
    assert store["validation_state"] == "Trusted"
    assert len(store["manifests"]) == 2
    (parent,) = store["manifests"][store["active_manifest"]]["ingredients"]
    assert store["manifests"][parent["active_manifest"]]["title"] == "photo.jpg"


RECIPE = b"""
name: for-everything
summary: Fill what a mask shows; files for pages and for print.
mask: {}
inpaint: {model: telea}
policy: {review: never}
deliver:
  web: {widths: [96]}
  print: {width_mm: 10}
"""


def test_files_for_pages_and_print_are_trusted_as_the_cdn_serves_them(
    local_stack: StackInfo, deployment: Deployment
) -> None:
    deployment.client.recipes.publish("for-everything", RECIPE)
    dirty = pictures.lettered(pictures.coffee(192, 128), "A", 30)
    key = deployment.key("for-everything", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
    assert asset.outcome is not None
    assert asset.status is Status.DELIVERED, asset.outcome
    types = set()
    for rendition in asset.outcome.renditions:
        served = cdn.ask(deployment, "/" + quote(rendition.key))
        assert served.headers["content-type"] == rendition.media_type
        assert _read(local_stack, served.data, rendition.media_type)["validation_state"] == "Trusted", rendition.name
        types.add(rendition.media_type)
    assert types == {"image/png", "image/avif", "image/webp", "image/jpeg", "image/tiff"}


def test_what_was_not_touched_is_delivered_with_the_same_pixels_and_says_so(
    local_stack: StackInfo, deployment: Deployment
) -> None:
    key = deployment.key("remove-watermark", "clean.webp")
    data = pictures.encoded(pictures.coffee(96, 64), "WEBP", lossless=True)
    asset = deployment.outcome(deployment.put(key, data))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.DELIVERED, "untouched")
    delivered = deployment.delivered(key)
    assert [each["action"] for each in _actions(_read(local_stack, delivered, "image/webp"))] == [
        *("c2pa.opened", "c2pa.published")
    ]
    assert (pictures.decoded(delivered) == pictures.decoded(data)).all()


def test_the_key_is_nowhere_but_in_its_secret(local_stack: StackInfo, deployment: Deployment, repaired: str) -> None:
    secret = json.loads(
        deployment.aws.client("secretsmanager").get_secret_value(SecretId="cleanplate/content-credentials")[
            "SecretString"
        ]
    )
    body = "".join(secret["key"].split("-----")[2].split())[:60]
    assert repaired
    found = []
    for path in Path(local_stack.state_dir).rglob("*"):
        if path.is_file() and path.stat().st_size < 1 << 26 and body.encode() in path.read_bytes().replace(b"\\n", b""):
            found.append(path.name)
    assert [name for name in found if "secretsmanager" not in name] == []
