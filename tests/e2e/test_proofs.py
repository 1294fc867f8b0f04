"""A run that goes to a person has pictures to judge it by, before anybody opened it."""

import io
import json
import time

from PIL import Image

from schemas.asset import Status
from schemas.pointers import S3Pointer
from schemas.proof import Proofs, proofs_folder
from tests.e2e import pictures
from tests.e2e.deployment import Deployment


def _proofs(deployment: Deployment, asset_id: str, run_id: str, timeout: float = 60) -> Proofs:
    """Wait for the proofs of a review that was just opened."""
    key, deadline = proofs_folder(asset_id, run_id) + "proofs.json", time.monotonic() + timeout
    while True:
        try:
            found = deployment.s3.get_object(Bucket=deployment.outputs["WorkBucket"], Key=key)
        except deployment.s3.exceptions.NoSuchKey:
            assert time.monotonic() < deadline, f"no proofs under {key}"
            time.sleep(0.2)
        else:
            return Proofs.model_validate_json(found["Body"].read())


def _opened(deployment: Deployment, pointer: S3Pointer | None) -> Image.Image:
    assert pointer is not None
    picture = Image.open(io.BytesIO(deployment.s3.get_object(Bucket=pointer.bucket, Key=pointer.key)["Body"].read()))
    picture.load()
    return picture


def test_an_edit_that_goes_to_a_person_is_shown_in_every_way(deployment: Deployment) -> None:
    photo = pictures.coffee(200, 160)
    mask = Image.new("L", photo.size, 0)
    mask.paste(255, (40, 40, 140, 120))  # a third of a picture full of edges: no model here can be trusted with that
    key = deployment.key("remove-object", "photo.jpg")
    deployment.put(key + ".mask.png", pictures.encoded(mask))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = photo.transpose(Image.Transpose.ROTATE_90)
    asset = deployment.outcome(deployment.put(key, pictures.encoded(turned, "JPEG", quality=95, exif=exif)))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome

    proofs = _proofs(deployment, asset.asset_id, asset.run_id)
    assert (proofs.width, proofs.height) == photo.size
    for pointer in (proofs.before, proofs.after, proofs.heat, proofs.mask):
        assert _opened(deployment, pointer).size == photo.size
    assert _opened(deployment, proofs.thumbnail).size == photo.size
    (area,) = proofs.areas
    assert area.edited.x >= 30
    assert _opened(deployment, area.before).size == _opened(deployment, area.after).size == photo.size


def test_a_run_that_stopped_before_its_mask_shows_the_upload(deployment: Deployment) -> None:
    key = deployment.key("remove-watermark", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee()), rights=None))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome
    proofs = _proofs(deployment, asset.asset_id, asset.run_id)
    assert (proofs.heat, proofs.mask, proofs.areas) == (None, None, [])
    assert _opened(deployment, proofs.before).size == (256, 256)


def test_whoever_listens_to_the_bus_hears_of_a_review(deployment: Deployment) -> None:
    events, sqs = deployment.aws.client("events"), deployment.aws.client("sqs")
    bus = f"{deployment.info.stack_name}-reviews"
    queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="listen", EventBusName=bus, EventPattern='{"detail-type": ["Review Opened"]}')
    events.put_targets(Rule="listen", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    key = deployment.key("remove-watermark", "notice.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee()), rights=None))
    heard = {}
    deadline = time.monotonic() + 30
    while asset.asset_id not in heard:
        assert time.monotonic() < deadline, f"heard of {list(heard)} only"
        for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []):
            event = json.loads(message["Body"])
            heard[event["detail"]["asset_id"]] = event
    detail = heard[asset.asset_id]["detail"]
    assert (detail["version"], detail["name"], detail["rule"]) == (1, "notice.png", "rights-missing")
    events.remove_targets(Rule="listen", EventBusName=bus, Ids=["queue"])
    events.delete_rule(Name="listen", EventBusName=bus)
