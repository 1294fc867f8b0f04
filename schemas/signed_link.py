"""CloudFront's signed URLs: what is signed, and how it stands in an address. The signature itself comes from elsewhere.

One signature holds for all files of an asset, its own manifest included: the signed policy names their folder.
"""

import base64
import json
from datetime import datetime

from pydantic import Field

from schemas.pointers import Document

_IN_ADDRESSES = str.maketrans("+=/", "-_~")
"""CloudFront's own way to write base64 in an address."""


class LinkQuestion(Document):
    """How long addresses are to be good for."""

    seconds: int = Field(
        default=3600, ge=60, le=7 * 24 * 3600, description="of signed addresses; others are good for as long as files"
    )


def policy_of(resource: str, expires_at: datetime) -> bytes:
    """Write who may read what until when: whoever has it, ``resource``, until ``expires_at``.

    Parameters
    ----------
    resource
        Address; ``*`` stands for any text.
    expires_at
        UTC; whole seconds count.
    """
    until = {"DateLessThan": {"AWS:EpochTime": int(expires_at.timestamp())}}
    # Without spaces, as CloudFront asks for: the text itself is what is signed.
    return json.dumps({"Statement": [{"Resource": resource, "Condition": until}]}, separators=(",", ":")).encode()


def query_of(policy: bytes, signature: bytes, key_id: str) -> str:
    """Write what stands behind the ``?`` of an address that the policy allows."""
    return f"Policy={_written(policy)}&Signature={_written(signature)}&Key-Pair-Id={key_id}"


def read(text: str) -> bytes:
    """Read what a query holds.

    Raises
    ------
    ValueError
        If it is no such text.
    """
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)


def _written(data: bytes) -> str:
    return base64.b64encode(data).decode().translate(_IN_ADDRESSES)
