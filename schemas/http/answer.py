"""What all answers have in common, and the form of a refusal."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

OPEN = ConfigDict(frozen=True, extra="ignore")
"""Answers may gain fields: an older client reads what a newer deployment says."""

Link = Annotated[str, Field(description="presigned address of a file, good for five minutes")]
Cursor = Annotated[str | None, Field(description="where the next page begins; `null` after the last one")]
AssetId = Annotated[str, Field(pattern=r"^a-[0-9a-f]{24}$", description="one version of one uploaded picture")]
RunId = Annotated[str, Field(pattern=r"^r-[0-9a-f]{40}$", description="one execution of the chain")]


class Answer(BaseModel):
    """Base of what the API answers."""

    model_config = OPEN


class WrongField(Answer):
    """What is wrong with one field of what was sent."""

    pointer: str | None = Field(default=None, description="JSON pointer into the body, as a fragment: `#/box/x`")
    parameter: str | None = Field(default=None, description="of the address, where it is not about the body")
    detail: str = Field(description="one sentence")
    line: int | None = Field(default=None, ge=1, description="of a body that is a text for people, as YAML is")
    column: int | None = Field(default=None, ge=1, description="in that line, from 1")


class Problem(Answer):
    """A refusal (RFC 9457), written for people."""

    type: Literal["about:blank"] = Field(description="always `about:blank`: `code` tells problems apart")
    title: str = Field(description="what the HTTP status says")
    status: int = Field(ge=400, le=599, description="HTTP status")
    code: str = Field(description="short stable word, for programs")
    detail: str = Field(description="one sentence for the person who has to act on it")
    errors: list[WrongField] = Field(
        default=[], max_length=20, description="the fields that are wrong, where it is those"
    )


class GatewayRefusal(Answer):
    """What API Gateway says by itself: no valid token or signature (401, 403), too many requests (429)."""

    message: str = Field(description="one or two words")


class Health(Answer):
    """That requests get as far as the function."""

    status: Literal["ok"] = Field(description="always `ok`")


class Empty(Answer):
    """Nothing more to say than that it is done."""
