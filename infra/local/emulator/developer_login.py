"""Sign-in for who works on this: a name and roles, no password.

It is no gap of ministack but part of this emulator alone: nothing that is deployed knows of it. The token is a real one
of the stack's own user pool, and API Gateway's authorizer checks it like any other.
"""

import json
import os
import secrets
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cognito
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.local import loopback
from infra.local.emulator.guard import App, Scope, Send
from schemas.role import Role

PATH = "/_cleanplate/login"
_LONGEST_BODY = 4096
Reply = tuple[int, dict[str, Any]]


class Login(BaseModel):
    """Who somebody wants to be."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[\w.@+-]{1,60}$")
    roles: frozenset[Role]


def with_login(app: App) -> App:
    """Answer logins, and pass everything else on."""

    async def serve(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        reason = refusal(scope)
        status, document = (403, {"detail": reason}) if reason else _answer(await _body(receive))
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})

    return serve


def refusal(scope: Scope) -> str | None:
    """Return why a login is not looked at, or None. A page of another site, or of another port, is given no token."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    if scope["method"] != "POST" or headers.get(b"content-type", "").partition(";")[0].strip() != "application/json":
        return "POST a JSON document"
    # As an origin the host must be this machine; the names of AWS that are served here otherwise will not do.
    if loopback.refusal(host, f"http://{host}"):
        return "this host name does not sign anybody in"
    if origin is not None and origin != f"http://{host}":
        return "other sites do not sign anybody in"
    if headers.get(b"sec-fetch-site", "same-origin") != "same-origin":
        return "other sites do not sign anybody in"
    return None


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more and len(body) <= _LONGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _answer(body: bytes) -> Reply:
    try:
        login = Login.model_validate_json(body[:_LONGEST_BODY])
    except ValidationError:
        return 400, {"detail": "A name is one word, and the roles are submitter, reviewer and admin."}
    with request_scope(os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]):
        pool_id = _pool()
        return (200, _sign_in(pool_id, login)) if pool_id else (404, {"detail": "No stack with people is deployed."})


def _pool() -> str | None:
    """The newest user pool that knows our roles and has a client."""
    pools = cognito._user_pools.items()
    ours = [pool_id for pool_id, pool in pools if set(Role) <= set(pool["_groups"]) and pool["_clients"]]
    return ours[-1] if ours else None


def _sign_in(pool_id: str, login: Login) -> dict[str, Any]:
    """Bring the user to what was asked for, and make an access token as the pool's own sign-in page would."""
    pool = cognito._user_pools[pool_id]
    name = login.name.lower()  # the pool knows no case
    user = {"UserPoolId": pool_id, "Username": name}
    if name not in pool["_users"]:
        password = secrets.token_urlsafe(24) + "-aA1"  # nobody will be told it; the pool wants every kind of character
        cognito._admin_create_user({**user, "MessageAction": "SUPPRESS", "TemporaryPassword": password})
        pool["_users"][name]["UserStatus"] = "CONFIRMED"
    for role in Role:
        change = cognito._admin_add_user_to_group if role in login.roles else cognito._admin_remove_user_from_group
        change({**user, "GroupName": role.value})
    subject = next(each["Value"] for each in pool["_users"][name]["Attributes"] if each["Name"] == "sub")
    client_id, groups = next(iter(pool["_clients"])), sorted(login.roles)
    token = cognito._fake_token(subject, pool_id, client_id, username=name, groups=groups, scope="openid")
    return {"token": token, "expires_in": cognito._token_validity(pool_id, client_id, "access")}
