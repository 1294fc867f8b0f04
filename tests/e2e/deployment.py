"""A deployment as a test sees it: put objects in, wait for outcomes, look at buckets and records."""

import json
import time
import uuid
from typing import Any

from infra.client import AssetView, Client
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas import ids
from schemas.asset import Status
from schemas.keys import manifest_key


class Deployment:
    """Wraps a running stack."""

    def __init__(self, info: StackInfo) -> None:
        self.info = info
        self.outputs = info.outputs
        self.aws = StackSession(info)
        self.s3 = self.aws.client("s3")
        self.client = Client.local(info)

    def key(self, recipe: str, name: str) -> str:
        """A key that no other test uses."""
        return f"{recipe}/{uuid.uuid4().hex[:8]}/{name}"

    def put(self, key: str, data: bytes, *, rights: str | None = "owned", **metadata: str) -> str:
        """Put an object into the inbox; return the id of the asset that it becomes if it is a photo."""
        metadata |= {"rights": rights} if rights else {}
        bucket = self.outputs["InboxBucket"]
        version = self.s3.put_object(Bucket=bucket, Key=key, Body=data, Metadata=metadata)["VersionId"]
        return ids.asset_id(bucket, key, version)

    def outcome(self, asset_id: str, timeout: float = 120) -> AssetView:
        """Wait for an outcome."""
        return self.client.wait([asset_id], timeout=timeout)[asset_id]

    def settled(self, asset_id: str, status: Status, timeout: float = 120) -> AssetView:
        """Wait until an asset has this status, through others that it may pass."""
        deadline = time.monotonic() + timeout
        while (asset := self.client.asset(asset_id)) is None or asset.status is not status:
            assert time.monotonic() < deadline, f"still {asset and asset.status}, waiting for {status}"
            time.sleep(0.2)
        return asset

    def manifest(self, key: str) -> dict[str, Any] | None:
        """Read the manifest of an inbox key."""
        try:
            found = self.s3.get_object(Bucket=self.outputs["DeliveryBucket"], Key=manifest_key(key))
        except self.s3.exceptions.NoSuchKey:
            return None
        return dict(json.loads(found["Body"].read()))

    def delivered(self, key: str, rendition: str = "native") -> bytes:
        """Read a file that the manifest of an inbox key names."""
        manifest = self.manifest(key)
        assert manifest is not None, f"no manifest for {key}"
        place = next(file["key"] for file in manifest["renditions"] if file["name"] == rendition)
        return bytes(self.s3.get_object(Bucket=self.outputs["DeliveryBucket"], Key=place)["Body"].read())

    def items(self, asset_id: str, prefix: str) -> list[dict[str, Any]]:
        """Read the records of an asset whose sort key starts with ``prefix``."""
        return self.aws.client("dynamodb").query(
            TableName=self.outputs["RecordsTable"],
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": f"ASSET#{asset_id}"}, ":prefix": {"S": prefix}},
        )["Items"]

    def executions(self, asset_id: str) -> list[str]:
        """Names of the asset's executions that Step Functions knows."""
        wanted = {item["sk"]["S"].removeprefix("RUN#") for item in self.items(asset_id, "RUN#")}
        pages = (
            self.aws.client("stepfunctions")
            .get_paginator("list_executions")
            .paginate(stateMachineArn=self.outputs["StateMachineArn"])
        )
        return [each["name"] for page in pages for each in page["executions"] if each["name"] in wanted]

    def upload_event(self, key: str, version_id: str) -> str:
        """The event that S3 sends through EventBridge for an object of the inbox."""
        bucket = {"name": self.outputs["InboxBucket"]}
        detail = {"version": "0", "bucket": bucket, "object": {"key": key, "version-id": version_id}}
        return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})

    def send_event(self, body: str, times: int = 1) -> None:
        """Put an event into the intake queue, as often as wanted."""
        for _ in range(times):
            self.aws.client("sqs").send_message(QueueUrl=self.outputs["IntakeQueueUrl"], MessageBody=body)

    def wait_until_intake_is_empty(self, timeout: float = 60) -> None:
        """Wait until no message waits in the intake queue or is being worked on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        deadline = time.monotonic() + timeout
        quiet = 0
        while quiet < 3:
            found = self.aws.client("sqs").get_queue_attributes(
                QueueUrl=self.outputs["IntakeQueueUrl"], AttributeNames=names
            )["Attributes"]
            quiet = quiet + 1 if not any(int(value) for value in found.values()) else 0
            assert time.monotonic() < deadline, f"intake is still busy: {found}"
            time.sleep(0.2)
