"""Exactly once by outcome: whatever the events do, one run and one delivery."""

import time

from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment


def _lettered(seed: str = "A") -> tuple[bytes, bytes]:
    dirty = pictures.lettered(pictures.coffee(128, 96), seed, 30)
    return pictures.encoded(dirty.photo), pictures.encoded(dirty.mask)


def test_the_same_event_ten_times_gives_one_run_and_one_delivery(deployment: Deployment) -> None:
    photo, mask = _lettered()
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", mask)
    asset_id = deployment.put(key, photo)
    version = deployment.s3.head_object(Bucket=deployment.outputs["InboxBucket"], Key=key)["VersionId"]
    event = deployment.upload_event(key, version)
    deployment.send_event(event, times=10)
    asset = deployment.outcome(asset_id)
    deployment.send_event(event, times=5)  # late copies, after the outcome
    deployment.wait_until_intake_is_empty()

    assert asset.status is Status.DELIVERED, asset.outcome
    assert len(deployment.executions(asset_id)) == 1
    assert [item["stage"]["S"] for item in deployment.items(asset_id, "STAGE#")].count("deliver") == 1


def test_a_mask_after_its_photo_makes_one_new_run_whose_result_is_current(deployment: Deployment) -> None:
    photo, mask = _lettered("B")
    key = deployment.key("remove-object", "photo.png")
    asset_id = deployment.put(key, photo)
    deployment.settled(asset_id, Status.AWAITING_REVIEW)  # nothing said what to remove
    deployment.put(key + ".mask.png", mask)
    version = deployment.s3.head_object(Bucket=deployment.outputs["InboxBucket"], Key=key + ".mask.png")["VersionId"]
    deployment.send_event(deployment.upload_event(key + ".mask.png", version), times=5)
    asset = deployment.settled(asset_id, Status.DELIVERED)
    deployment.wait_until_intake_is_empty()

    assert len(deployment.executions(asset_id)) == 2
    manifest = deployment.manifest(key)
    assert manifest is not None
    assert manifest["run_id"] == asset.run_id


def test_a_replaced_upload_wins_over_its_older_run(deployment: Deployment) -> None:
    key = deployment.key("remove-watermark", "photo.png")
    older_photo, _ = _lettered("C")
    newer_photo, mask = _lettered("CD")  # of both: a mask that left the D would be a guard's find
    deployment.put(key + ".mask.png", mask)
    older = deployment.put(key, older_photo)
    while deployment.client.asset(older) is None:  # the older run is on its way
        time.sleep(0.02)
    newer = deployment.put(key, newer_photo)
    assert deployment.outcome(newer).status is Status.DELIVERED
    deployment.outcome(older)

    manifest = deployment.manifest(key)
    assert manifest is not None
    assert manifest["asset_id"] == newer


def test_an_event_for_a_version_that_was_replaced_starts_nothing(deployment: Deployment) -> None:
    key = deployment.key("remove-watermark", "photo.png")
    photo, mask = _lettered("E")
    deployment.put(key + ".mask.png", mask)
    # A version whose own event is lost and comes late: written under another name first, so that no event is due.
    asset_id = deployment.put(key, photo)
    assert deployment.outcome(asset_id).status is Status.DELIVERED
    deployment.send_event(deployment.upload_event(key, "an-older-version"))
    deployment.wait_until_intake_is_empty()
    manifest = deployment.manifest(key)
    assert manifest is not None
    assert manifest["asset_id"] == asset_id
    superseded = deployment.client.assets(Status.SUPERSEDED).assets
    assert "an-older-version" in {asset.source.version_id for asset in superseded}
