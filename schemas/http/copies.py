"""Copies of what is delivered in a second bucket, as the API shows them."""

from pydantic import Field

from schemas.copied import CopyRecord
from schemas.http.answer import OPEN, Answer, AssetId


class CopyShown(CopyRecord):
    """How the copy in a second bucket stands. What there is nothing to say about is left out."""

    model_config = OPEN


class CopyOrdered(Answer):
    """What will be copied, and where to."""

    asset_id: AssetId
    bucket: str = Field(description="the second target")
