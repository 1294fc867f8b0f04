"""The version of an object in S3's events on EventBridge.

AWS
    ``detail.object`` carries ``version-id`` for buckets with versioning. An asset is one version of one object, so
    the whole chain hangs on it.
ministack
    Leaves it out, though its notifications to queues have it.
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge, s3

_version_id: ContextVar[str | None] = ContextVar("version_id", default=None)


def apply() -> None:
    """Carry the version from where the event is fired to where it is dispatched."""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def fire_with_version(*args: Any, version_id: str | None = None, **kwargs: Any) -> None:
        mark = _version_id.set(version_id)
        try:
            fire(*args, version_id=version_id, **kwargs)
        finally:
            _version_id.reset(mark)

    def dispatch_with_version(event: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        version_id = _version_id.get()
        if version_id and event.get("Source") == "aws.s3":
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version_id
            event = {**event, "Detail": json.dumps(detail)}
        return dispatch(event, *args, **kwargs)

    s3._fire_s3_event = fire_with_version
    eventbridge._dispatch_event = dispatch_with_version
