"""Pictures that are fetched from addresses, as the API shows them."""

from typing import Annotated

from pydantic import Field

from schemas.fetch import FetchState
from schemas.http.answer import Answer, AssetId
from schemas.pointers import Sha256
from schemas.records import Moment

FetchId = Annotated[str, Field(pattern=r"^f-[0-9a-f]{24}$", description="one order to fetch a picture")]


class FetchShown(Answer):
    """How an order to fetch stands. What there is nothing to say about is left out."""

    fetch_id: FetchId
    state: FetchState = Field(description="`waiting`, then `fetched` or `failed`")
    source: str = Field(description="the address, without its query")
    key: str = Field(description="where the picture will lie in the inbox")
    asset_id: AssetId | None = Field(default=None, description="what it became, once it is fetched")
    sha256: Sha256 | None = Field(default=None, description="of the file")
    size_bytes: int | None = Field(default=None, ge=0, description="of the file")
    code: str | None = Field(default=None, description="short stable word for why it failed")
    reason: str | None = Field(default=None, description="the same, for people")
    created_at: Moment
    updated_at: Moment
