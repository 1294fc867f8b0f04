"""The right to be forgotten, on a running stack: no version anywhere holds it, no record names it, and it is told."""

import json
from collections.abc import Iterator

import pytest

from infra.local import stack
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.receiver import Receiver, receiving

_RETENTION = {"OriginalDays": "30", "WorkDays": "20", "ProofDays": "10", "ForgetAfterDays": "365"}
_OWN = ("InboxBucket", "WorkBucket", "DeliveryBucket")


@pytest.fixture(scope="module")
def allowing() -> Iterator[Deployment]:
    """A stack of its own, that may speak to this machine: every bucket and the whole table are looked through."""
    with stack.temporary(stack.Options(parameters={"PrivateAddresses": "allow", **_RETENTION})) as info:
        yield Deployment(info)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Whoever takes webhooks."""
    with receiving() as running:
        yield running


def _versions(deployment: Deployment) -> dict[tuple[str, str, str], bytes]:
    """Read every version of every object."""
    found = {}
    for name in _OWN:
        bucket = deployment.outputs[name]
        for page in deployment.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for each in page.get("Versions", []):
                which = {"Bucket": bucket, "Key": each["Key"], "VersionId": each["VersionId"]}
                found[bucket, each["Key"], each["VersionId"]] = deployment.s3.get_object(**which)["Body"].read()
            found |= {(bucket, each["Key"], each["VersionId"]): b"" for each in page.get("DeleteMarkers", [])}
    return found


def _items(deployment: Deployment) -> list[str]:
    pages = (
        deployment.aws.client("dynamodb").get_paginator("scan").paginate(TableName=deployment.outputs["RecordsTable"])
    )
    return [json.dumps(item, default=str) for page in pages for item in page["Items"]]


def test_what_is_erased_is_nowhere_and_the_other_picture_is(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/erased", events=["delivered", "erased"])
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    other = pictures.lettered(pictures.coffee(160, 96), "B", 30)
    secret = allowing.key("remove-watermark", "jane-doe.png")
    harmless = allowing.key("remove-watermark", "harmless.png")
    for key, photo in ((secret, dirty), (harmless, other)):
        allowing.put(key + ".mask.png", pictures.encoded(photo.mask))
    older = allowing.put(secret, pictures.encoded(dirty.photo), hold="true")
    asset_id = allowing.put(secret, pictures.encoded(dirty.photo), tags="name=jane-doe")
    kept = allowing.put(harmless, pictures.encoded(other.photo))
    assert allowing.outcome(asset_id).status is Status.DELIVERED
    assert allowing.outcome(kept).status is Status.DELIVERED
    receiver.at("/erased", 2)

    before = _versions(allowing)
    bytes_of_it = {pictures.encoded(dirty.photo), pictures.encoded(dirty.mask), allowing.delivered(secret)}
    assert {data for data in before.values() if data in bytes_of_it} == bytes_of_it

    allowing.client.removals.erase(asset_id, "request")
    gone = allowing.client.removals.erased(asset_id)
    assert gone.objects > 8
    allowing.client.removals.erased(older)
    left = _versions(allowing)
    assert [place for place, data in left.items() if data in bytes_of_it] == []
    assert [place for place, data in left.items() if "jane-doe" in place[1] or b"jane-doe" in data] == []
    told = [posted.verified(webhook.secret) for posted in receiver.at("/erased", 4)[2:]]
    assert {(each["type"], each["subject"]) for each in told} == {
        ("cleanplate.asset.erased.v1", erased) for erased in (asset_id, older)
    }
    items = _items(allowing)
    assert [item for item in items if "jane-doe" in item] == []
    named = [item for item in items if asset_id in item and '"DELIVERY#' not in item and '"TOLD#' not in item]
    assert len(named) == 1, named
    assert allowing.items(asset_id, "ASSET")

    assert allowing.delivered(harmless)
    found = allowing.client.asset(kept)
    assert found is not None
    assert found.status is Status.DELIVERED
    for stage in found.stages:
        for output in stage.outputs.values():
            assert allowing.s3.head_object(Bucket=output.bucket, Key=output.key)["ContentLength"]
