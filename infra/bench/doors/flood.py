"""The flood: many uploads in one go, and what became of each."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from infra.bench.doors.pictures import BOX, photographs
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas import ids
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.keys import manifest_key
from schemas.stage import Stage

_UPLOADERS = 4
_LOOK_SECONDS = 2.0
_NO_PROGRESS_SECONDS = 300.0


class Flood:
    """Uploads of one run of the bench.

    Parameters
    ----------
    info
        The stack.
    name
        Folder of their keys.
    count
        Uploads.
    """

    def __init__(self, info: StackInfo, name: str, count: int) -> None:
        self.assets: dict[str, str] = {}
        self.uploaded_seconds = 0.0
        self.settled_seconds = 0.0
        self._folder = f"remove-object/{name}"
        self._count = count
        self._outputs = info.outputs
        aws = StackSession(info)
        self._s3, self._table, self._machine = aws.client("s3"), aws.client("dynamodb"), aws.client("stepfunctions")

    def pour(self) -> None:
        """Put all photographs into the bucket, as quickly as it takes them, and wait until each has its outcome.

        Raises
        ------
        TransientFailure
            If none has come to an outcome for minutes.
        """
        before, began = self._outcomes(), time.monotonic()
        with ThreadPoolExecutor(_UPLOADERS) as pool:
            keys = (f"{self._folder}/{number}.png" for number in range(self._count))
            self.assets = dict(pool.map(self._put, keys, photographs(self._count)))
        self.uploaded_seconds = time.monotonic() - began
        self._await_outcomes(before + self._count)
        self.settled_seconds = time.monotonic() - began

    def _put(self, key: str, data: bytes) -> tuple[str, str]:
        bucket, metadata = self._outputs["InboxBucket"], {"box": BOX, "rights": "owned"}
        version = self._s3.put_object(Bucket=bucket, Key=key, Body=data, Metadata=metadata)["VersionId"]
        return ids.asset_id(bucket, key, version), key

    def _await_outcomes(self, wanted: int) -> None:
        done, news = 0, time.monotonic()
        while done < wanted:
            time.sleep(_LOOK_SECONDS)
            found = self._outcomes()
            if found > done:
                done, news = found, time.monotonic()
            elif time.monotonic() - news > _NO_PROGRESS_SECONDS:
                raise TransientFailure(f"Only {done} of {wanted} came to an outcome.", code="bench")

    def _outcomes(self) -> int:
        return sum(self._counted(status) for status in Status if status.is_outcome)

    def _counted(self, status: Status) -> int:
        pages = self._table.get_paginator("query").paginate(
            TableName=self._outputs["RecordsTable"],
            IndexName="by-status",
            KeyConditionExpression="index_pk = :status",
            ExpressionAttributeValues={":status": {"S": status.value}},
            Select="COUNT",
        )
        return sum(page["Count"] for page in pages)

    def astray(self) -> Counter[str]:
        """Count what did not end with exactly one run, one outcome and one manifest, by what is wrong."""
        wrong: Counter[str] = Counter()
        executions = self._executions()
        for asset_id, key in self.assets.items():
            items = self._items(asset_id)
            kinds = Counter(item["sk"]["S"].partition("#")[0] for item in items)
            delivered = [item for item in items if f"#{Stage.DELIVER}#" in item["sk"]["S"]]
            status = next((item["status"]["S"] for item in items if item["sk"]["S"] == "ASSET"), "unknown")
            wrong += Counter(
                {
                    f"is {status}": status != Status.DELIVERED,
                    "runs": kinds["RUN"] != 1,
                    "deliveries": len(delivered) != 1,
                    "manifests": self._manifests(key) != 1,
                }
            )
            run = next(
                (item["sk"]["S"].removeprefix("RUN#") for item in items if item["sk"]["S"].startswith("RUN#")), ""
            )
            wrong["executions"] += executions[run] != 1
        return +wrong

    def _items(self, asset_id: str) -> list[dict[str, Any]]:
        return list(
            self._table.query(
                TableName=self._outputs["RecordsTable"],
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"ASSET#{asset_id}"}},
            )["Items"]
        )

    def _manifests(self, key: str) -> int:
        found = self._s3.list_object_versions(Bucket=self._outputs["DeliveryBucket"], Prefix=manifest_key(key))
        return len(found.get("Versions", []))

    def _executions(self) -> Counter[str]:
        machine = self._outputs["StateMachineArn"]
        pages = self._machine.get_paginator("list_executions").paginate(stateMachineArn=machine)
        return Counter(execution["name"] for page in pages for execution in page["executions"])
