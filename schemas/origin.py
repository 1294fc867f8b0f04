"""Where an object of the inbox was copied from."""

from datetime import datetime

from pydantic import Field

from schemas.pointers import Document


class CopyRecord(Document):
    """How far the copying of an object of an attached bucket came. One place for each key there.

    ``version`` is the version that is copied, or was: its id, or the tag of its content in a bucket without versions.
    """

    bucket: str
    key: str
    version: str
    copied: bool = False
    leased_until: datetime = Field(description="until then nobody else copies from this key")
