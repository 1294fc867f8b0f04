"""What is withdrawn on a running stack: gone from bucket and CDN, said in the manifest, told, and able to come back."""

from collections.abc import Iterator

import pytest

from infra.client import ApiError
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.listening import Listener, listening


@pytest.fixture
def bus(deployment: Deployment) -> Iterator[Listener]:
    """Whoever listens to outcomes."""
    with listening(deployment.aws, deployment.outputs["OutcomeBus"]) as listener:
        yield listener


def _files(deployment: Deployment, asset_id: str) -> list[str]:
    listed = deployment.s3.list_objects_v2(Bucket=deployment.outputs["DeliveryBucket"], Prefix=f"assets/{asset_id}/")
    return [each["Key"] for each in listed.get("Contents", []) if not each["Key"].endswith("/manifest.json")]


def test_a_delivery_is_taken_back_told_and_delivered_again(deployment: Deployment, bus: Listener) -> None:
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    asset_id = deployment.put(key, pictures.encoded(dirty.photo))
    assert deployment.outcome(asset_id).status is Status.DELIVERED
    assert _files(deployment, asset_id)

    removals = deployment.client.removals
    assert removals.withdraw(asset_id, "privacy", "A passer-by asked.").status is Status.WITHDRAWN
    gone = removals.gone(asset_id)
    assert gone.outcome is not None
    assert (gone.status, gone.outcome.code) == (Status.WITHDRAWN, "withdrawn")
    assert _files(deployment, asset_id) == []
    manifest = deployment.manifest(key)
    assert manifest is not None
    assert (manifest["renditions"], manifest["withdrawn"]["reason"]) == ([], "privacy")
    told = [event["detail-type"] for event in bus.of(asset_id, 2)]
    assert told == ["Asset Delivered", "Asset Withdrawn"]
    listed = deployment.aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    paths = [
        path
        for distribution in listed
        for each in deployment.aws.client("cloudfront")
        .list_invalidations(DistributionId=distribution["Id"])["InvalidationList"]
        .get("Items", [])
        for path in deployment.aws.client("cloudfront").get_invalidation(
            DistributionId=distribution["Id"], Id=each["Id"]
        )["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]
    ]
    assert f"/assets/{asset_id}/*" in paths

    deployment.client.runs.again(asset_id)
    deployment.settled(asset_id, Status.DELIVERED)
    again = deployment.manifest(key) or {}
    assert "withdrawn" not in again
    assert {rendition["key"] for rendition in again["renditions"]} <= {*_files(deployment, asset_id)}


def test_what_was_never_delivered_is_not_withdrawn(deployment: Deployment) -> None:
    asset_id = deployment.put(deployment.key("remove-watermark", "broken.png"), b"no picture at all")
    deployment.outcome(asset_id)
    with pytest.raises(ApiError, match="Nothing of this picture was delivered"):
        deployment.client.removals.withdraw(asset_id, "rights")
