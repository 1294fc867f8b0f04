"""What is delivered, as its readers get it: through the CDN, by a manifest."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from schemas.asset import Status
from schemas.keys import manifest_key
from tests.e2e import cdn, pictures
from tests.e2e.deployment import Deployment


@pytest.fixture(scope="module")
def key(deployment: Deployment) -> str:
    """Have a photograph repaired and delivered; give its key."""
    dirty = pictures.lettered(pictures.coffee(192, 144), "PROOF", 30)
    key = deployment.key("remove-watermark", "Grüße + mehr/photo (1).jpg")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo, "JPEG", quality=95)))
    assert asset.status is Status.DELIVERED, asset.outcome
    return key


@pytest.fixture(scope="module")
def manifest(deployment: Deployment, key: str) -> dict[str, Any]:
    found = cdn.ask(deployment, "/" + quote(manifest_key(key)))
    assert found.status == 200
    return dict(json.loads(found.data))


def test_a_manifest_is_read_through_the_cdn_and_always_asked_for_anew(deployment: Deployment, key: str) -> None:
    found = cdn.ask(deployment, "/" + quote(manifest_key(key)), Origin="http://shop.localhost")
    assert (found.headers["content-type"], found.headers["cache-control"]) == ("application/json", "no-cache")
    assert found.headers["access-control-allow-origin"] == "*"
    again = cdn.ask(deployment, "/" + quote(manifest_key(key)), **{"If-None-Match": found.headers["etag"]})
    assert (again.status, again.data) == (304, b"")


def test_every_file_that_a_manifest_names_is_served_for_a_year(
    deployment: Deployment, manifest: dict[str, Any]
) -> None:
    assert manifest["renditions"]
    for file in manifest["renditions"]:
        found = cdn.ask(deployment, "/" + quote(file["key"]))
        assert (found.status, len(found.data)) == (200, file["size_bytes"])
        assert found.headers["content-type"] == file["media_type"]
        assert found.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_file_can_do_nothing_in_a_browser_and_may_be_shown_by_others(
    deployment: Deployment, manifest: dict[str, Any]
) -> None:
    headers = cdn.ask(deployment, "/" + quote(manifest["renditions"][0]["key"])).headers
    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=63072000" in headers["strict-transport-security"]


def test_the_cdn_takes_nothing_and_tells_nothing_of_what_is_not_there(
    deployment: Deployment, manifest: dict[str, Any]
) -> None:
    path = "/" + quote(manifest["renditions"][0]["key"])
    assert [cdn.ask(deployment, path, method=method).status for method in ("PUT", "POST", "DELETE")] == [403] * 3
    assert cdn.ask(deployment, path, method="HEAD").status == 200
    assert [cdn.ask(deployment, each).status for each in ("/", "/assets/", "/manifests/none.json")] == [403] * 3
    moved = cdn.ask(deployment, path, https=False)
    assert (moved.status, moved.headers["location"]) == (301, f"https://{deployment.outputs['CdnDomain']}{path}")


def test_an_asset_that_was_replaced_says_by_which_and_keeps_its_files(deployment: Deployment) -> None:
    key = deployment.key("remove-watermark", "photo.png")
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    older = deployment.put(key, pictures.encoded(dirty.photo))
    assert deployment.outcome(older).status is Status.DELIVERED
    newer = deployment.put(key, pictures.encoded(pictures.lettered(pictures.coffee(128, 96), "A", 31).photo))
    assert deployment.outcome(newer).status is Status.DELIVERED

    def read(path: str) -> dict[str, Any]:
        return dict(json.loads(cdn.ask(deployment, path).data))

    named, replaced = read("/" + quote(manifest_key(key))), read(f"/assets/{older}/manifest.json")
    assert (named["asset_id"], named["replaces"]) == (newer, older)
    assert named == read(f"/assets/{newer}/manifest.json")
    assert replaced["replaced_by"] == newer
    assert {cdn.ask(deployment, file["url"]).status for file in replaced["renditions"]} == {200}
