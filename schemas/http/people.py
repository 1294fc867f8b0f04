"""Who asks, and how people sign in."""

from typing import Literal

from pydantic import Field

from schemas.http.answer import Answer
from schemas.role import Role


class Me(Answer):
    """Whoever asks, as the API knows them."""

    who: str = Field(description="stays the same for as long as the account exists: `person:...`, or an AWS ARN")
    name: str = Field(description="for people to read; may change, may be empty")
    roles: list[Role] = Field(description="in alphabetical order")
    signed: bool = Field(description="whether AWS credentials signed the request, and nobody brought a token")


class SignIn(Answer):
    """What the review page has to know to sign people in. Nothing here is secret."""

    sign_in: Literal["cognito", "developer"] = Field(description="`developer` on an embedded stack alone")
    login: str | None = Field(description="path of the developer login; `null` with Cognito")
    authorize_url: str | None = Field(description="the user pool's authorization endpoint (code with PKCE)")
    token_url: str | None = Field(description="where a code becomes a token")
    logout_url: str | None = Field(description="where a session ends")
    client_id: str | None = Field(description="the page's name at the user pool")
    scopes: list[str] = Field(description="to ask for")
