"""The bucket as a door: folders, metadata, sidecars and masks, in the inbox and in a bucket that is attached to it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

import pytest

from infra.client import AssetView
from schemas import ids
from schemas.asset import Status
from schemas.keys import attached_key
from tests.e2e import pictures
from tests.e2e.conftest import ATTACHED
from tests.e2e.deployment import Deployment


def _lettered(seed: str) -> tuple[bytes, bytes]:
    dirty = pictures.lettered(pictures.coffee(128, 96), seed, 30)
    return pictures.encoded(dirty.photo), pictures.encoded(dirty.mask)


def _put(deployment: Deployment, key: str, data: bytes) -> None:
    deployment.s3.put_object(Bucket=deployment.outputs["InboxBucket"], Key=key, Body=data)


def _again(deployment: Deployment, key: str, times: int = 5) -> None:
    """Send an object's event again, as S3 may."""
    version = deployment.s3.head_object(Bucket=deployment.outputs["InboxBucket"], Key=key)["VersionId"]
    deployment.send_event(deployment.upload_event(key, version), times=times)
    deployment.wait_until_intake_is_empty()


def test_a_sidecar_that_was_there_before_says_what_is_done(deployment: Deployment) -> None:
    photo, mask = _lettered("F")
    key = deployment.key("trip", "photo.png")
    _put(deployment, key + ".mask.png", mask)
    _put(deployment, key + ".job.yaml", b"recipe: remove-watermark\nrights: owned\nformat: jpeg\ntags: {order: 42}\n")
    asset = deployment.outcome(deployment.put(key, photo, rights=None))
    assert asset.status is Status.DELIVERED, asset.outcome
    assert (asset.recipe.partition("@")[0], asset.tags) == ("remove-watermark", {"order": "42"})
    assert asset.outcome is not None
    assert [rendition.media_type for rendition in asset.outcome.renditions] == ["image/jpeg"]


def test_a_sidecar_after_its_photo_leads_to_one_new_run_whose_result_is_current(deployment: Deployment) -> None:
    photo, mask = _lettered("G")
    key = deployment.key("remove-watermark", "photo.png")
    _put(deployment, key + ".mask.png", mask)
    asset_id = deployment.put(key, photo)
    first = deployment.outcome(asset_id)
    _put(deployment, key.replace(".png", ".job.yaml"), b"format: jpeg\n")
    _again(deployment, key.replace(".png", ".job.yaml"))
    asset = _delivered_by_another(deployment, first)
    assert len(deployment.executions(asset_id)) == 2
    manifest = deployment.manifest(key)
    assert manifest is not None
    assert (manifest["run_id"], manifest["renditions"][0]["media_type"]) == (asset.run_id, "image/jpeg")


def _delivered_by_another(deployment: Deployment, before: AssetView) -> AssetView:
    while (asset := deployment.client.asset(before.asset_id)) is None or asset.run_id == before.run_id:
        pass
    asset = deployment.outcome(before.asset_id)
    assert asset.status is Status.DELIVERED, asset.outcome
    return asset


def test_a_sidecar_that_cannot_be_read_says_where(deployment: Deployment) -> None:
    photo, _ = _lettered("H")
    key = deployment.key("trip", "photo.png")
    _put(deployment, key + ".job.yaml", b"recipe: remove-watermark\nrihgts: owned\n")
    asset = deployment.outcome(deployment.put(key, photo))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code) == (Status.QUARANTINED, "bad_sidecar")
    assert "line 2" in asset.outcome.reason
    assert "`rights`" in asset.outcome.reason


def test_what_is_held_waits_until_its_job_says_otherwise(deployment: Deployment) -> None:
    photo, mask = _lettered("K")
    key = deployment.key("remove-watermark", "photo.png")
    _put(deployment, key + ".mask.png", mask)
    asset_id = deployment.put(key, photo, hold="true")
    assert deployment.outcome(asset_id).status is Status.HELD
    assert deployment.executions(asset_id) == []
    _put(deployment, key + ".job.yaml", b"hold: false\n")
    assert deployment.settled(asset_id, Status.DELIVERED).tags == {}


def test_a_mask_for_a_folder_serves_its_photos_whether_they_come_before_or_after(deployment: Deployment) -> None:
    folder = deployment.key("remove-object", "")
    photo, mask = _lettered("M")
    early = [deployment.put(f"{folder}{number}.png", photo) for number in range(3)]
    for asset_id in early:
        deployment.settled(asset_id, Status.AWAITING_REVIEW)  # nothing said what to remove
    _put(deployment, f"{folder}_mask.png", mask)
    _again(deployment, f"{folder}_mask.png", times=3)
    late = deployment.put(f"{folder}late.png", photo)
    for asset_id in [*early, late]:
        assert deployment.settled(asset_id, Status.DELIVERED).outcome is not None
    deployment.wait_until_intake_is_empty()
    assert [len(deployment.executions(asset_id)) for asset_id in [*early, late]] == [2, 2, 2, 1]


@pytest.fixture
def team(deployment: Deployment) -> Iterator[str]:
    """A bucket of another team, which tells EventBridge what arrives in it."""
    s3 = deployment.s3
    s3.create_bucket(Bucket=ATTACHED)
    s3.put_bucket_versioning(Bucket=ATTACHED, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(
        Bucket=ATTACHED, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    yield ATTACHED
    for each in s3.list_object_versions(Bucket=ATTACHED).get("Versions", []):
        s3.delete_object(Bucket=ATTACHED, Key=each["Key"], VersionId=each["VersionId"])
    s3.delete_bucket(Bucket=ATTACHED)


def test_an_attached_buckets_pictures_come_out_in_the_folders_in_which_they_lie(
    deployment: Deployment, team: str
) -> None:
    photo, mask = _lettered("N")
    paths = ["remove-watermark/spring/a.png", "remove-watermark/spring/more/Grüße +.png", "summer/c.png"]
    beside = {
        "remove-watermark/spring/_mask.png": mask,
        "remove-watermark/spring/more/_mask.png": mask,
        "summer/c.mask.png": mask,
        "summer/c.job.yaml": b"recipe: remove-watermark\n",
        "summer/notes.txt": b"not a picture",
    }
    for path, data in beside.items():
        deployment.s3.put_object(Bucket=team, Key=path, Body=data)
    for path in paths:
        deployment.s3.put_object(Bucket=team, Key=path, Body=photo, Metadata={"rights": "owned"})

    for path in paths:
        key = attached_key(team, path)
        asset = deployment.settled(_asset_at(deployment, key), Status.DELIVERED)
        assert asset.source.key == key
        assert deployment.delivered(key)
        manifest = deployment.manifest(key)
        assert manifest is not None
        assert manifest["origin"] == {"bucket": team, "key": path}
    listed = deployment.s3.list_objects_v2(Bucket=deployment.outputs["InboxBucket"], Prefix=f"from/{team}/")
    assert {each["Key"] for each in listed["Contents"]} == {
        attached_key(team, path) for path in [*paths, *beside] if not path.endswith(".txt")
    }
    originals = deployment.s3.list_object_versions(Bucket=team)["Versions"]
    assert len(originals) == len(paths) + len(beside)  # nothing was changed there


def test_a_picture_of_an_attached_bucket_is_copied_once_however_often_its_event_comes(
    deployment: Deployment, team: str
) -> None:
    photo, mask = _lettered("P")
    deployment.s3.put_object(Bucket=team, Key="once/a.mask.png", Body=mask)
    version = deployment.s3.put_object(Bucket=team, Key="once/a.png", Body=photo, Metadata={"rights": "owned"})
    key = attached_key(team, "once/a.png")
    event = json.loads(deployment.upload_event("once/a.png", version["VersionId"]))
    event["detail"]["bucket"]["name"] = team
    deployment.send_event(json.dumps(event), times=5)
    asset_id = _asset_at(deployment, key)
    assert deployment.outcome(asset_id).status is not Status.SUPERSEDED
    deployment.wait_until_intake_is_empty()
    copies = deployment.s3.list_object_versions(Bucket=deployment.outputs["InboxBucket"], Prefix=key)["Versions"]
    assert len(copies) == 1
    assert len(deployment.executions(asset_id)) == 1


def _asset_at(deployment: Deployment, key: str) -> str:
    deployment.s3.get_waiter("object_exists").wait(
        Bucket=deployment.outputs["InboxBucket"], Key=key, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    bucket = deployment.outputs["InboxBucket"]
    version = deployment.s3.head_object(Bucket=bucket, Key=key)["VersionId"]
    asset_id = ids.asset_id(bucket, key, version)
    while deployment.client.asset(asset_id) is None:
        pass
    return asset_id


def _asked(deployment: Deployment, photo: bytes) -> Counter[str]:
    """Count what endpoints were asked about a picture, by stage."""
    wanted, bucket = hashlib.sha256(photo).hexdigest(), deployment.outputs["WorkBucket"]
    pages = deployment.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="requests/")
    found: Counter[str] = Counter()
    for entry in (entry for page in pages for entry in page.get("Contents", [])):
        request = json.loads(deployment.s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())
        if request["inputs"].get("source", {}).get("sha256") == wanted:
            found[request["stage"]] += 1
    return found


def test_what_was_made_is_found_again_and_only_what_changed_is_asked_for(deployment: Deployment) -> None:
    photo, mask = _lettered("Q")
    key = deployment.key("remove-watermark", "photo.png")
    _put(deployment, key + ".mask.png", mask)
    first = deployment.outcome(deployment.put(key, photo))
    once = _asked(deployment, photo)
    assert once == {"mask": 1, "inpaint": 1, "refine": 1, "assess": 1}

    elsewhere = deployment.key("remove-watermark", "the same picture.png")
    _put(deployment, elsewhere + ".mask.png", mask)
    same = deployment.outcome(deployment.put(elsewhere, photo))
    assert _asked(deployment, photo) == once
    assert (pictures.decoded(deployment.delivered(elsewhere)) == pictures.decoded(deployment.delivered(key))).all()
    assert same.outcome is not None
    assert same.outcome.cost is not None
    assert same.outcome.cost.seconds == 0
    assert {stage.stage.value for stage in same.stages if stage.reused} == set(once)

    _put(deployment, key + ".job.yaml", b"format: jpeg\n")  # a parameter of refine alone
    _delivered_by_another(deployment, first)
    assert _asked(deployment, photo) - once == {"refine": 1, "assess": 1}

    anew = deployment.key("remove-watermark", "anew.png")
    _put(deployment, anew + ".mask.png", mask)
    deployment.outcome(deployment.put(anew, photo, cache="false"))
    assert _asked(deployment, photo) - once == {"mask": 1, "inpaint": 1, "refine": 2, "assess": 2}
