"""Who asks: API Gateway says it, which checked token or signature; never the path, a header or the body."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from pydantic import BaseModel, ConfigDict

from handlers.api import limits
from handlers.api.errors import Forbidden, NotSignedIn
from schemas.review import Person
from schemas.role import Role

P = ParamSpec("P")
R = TypeVar("R")

_READING = ("GET", "HEAD", "OPTIONS")
ANY_ROLE = tuple(Role)
"""For what everybody may see who has any business here."""


class Caller(BaseModel):
    """A person with roles, or a machine that may do whatever IAM let through.

    ``who`` stays the same for as long as the account exists; ``name`` is for people to read and may change.
    """

    model_config = ConfigDict(frozen=True)

    who: str
    name: str
    roles: frozenset[Role]
    signed: bool

    def has(self, *roles: Role) -> bool:
        """Whether one of these roles is the caller's, or stands above them."""
        return self.signed or Role.ADMIN in self.roles or not self.roles.isdisjoint(roles)


def caller_of(event: dict[str, Any]) -> Caller:
    """Tell who sent a request.

    Raises
    ------
    NotSignedIn
        If API Gateway passes on no identity.
    """
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    arn = (authorizer.get("iam") or {}).get("userArn")
    if arn:
        return Caller(who=str(arn), name=re.split("[:/]", str(arn))[-1], roles=frozenset(Role), signed=True)
    if claims.get("sub"):
        name = next((claims[key] for key in ("username", "cognito:username", "email") if claims.get(key)), "")
        return Caller(who=f"person:{claims['sub']}", name=str(name), roles=_roles(claims), signed=False)
    raise NotSignedIn("Sign in, or sign the request; nobody is known to ask.", code="no_identity")


def caller() -> Caller:
    """Tell who sent the request that is being answered."""
    return caller_of(BaseRouter.current_event.raw_event)


def require(*roles: Role) -> Caller:
    """Return the caller, who has one of these roles; without roles it is enough to be signed in.

    Raises
    ------
    Forbidden
        If the caller has none of them.
    """
    found = caller()
    if roles and not found.has(*roles):
        wanted = " or ".join(dict.fromkeys((*roles, Role.ADMIN)))
        has = ", ".join(sorted(found.roles)) or "no role"
        raise Forbidden(f"This needs {wanted}; you have {has}. Ask whoever runs the user pool.", code="role_missing")
    return found


def person() -> Person:
    """Who asks, as records know people."""
    found = caller()
    return Person(who=found.who, name=found.name or found.who)


def needs(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """State which roles a route is for; it goes below the line that names the route."""

    def stated(route: Callable[P, R]) -> Callable[P, R]:
        @wraps(route)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            found = require(*roles)
            if BaseRouter.current_event["requestContext"]["http"]["method"] not in _READING:
                limits.check(found.who)
            return route(*args, **kwargs)

        checked.__needs__ = roles  # type: ignore[attr-defined]
        return checked

    return stated


def needed(route: Callable[..., Any]) -> tuple[Role, ...] | None:
    """Tell which roles a route is for; none where it is enough to be signed in, ``None`` where it is open."""
    roles: tuple[Role, ...] | None = getattr(route, "__needs__", None)
    return tuple(dict.fromkeys((*roles, Role.ADMIN))) if roles else roles


def _roles(claims: dict[str, Any]) -> frozenset[Role]:
    """Read the groups; API Gateway writes a list as ``[a b]``. Groups of other meaning are none of ours."""
    groups = claims.get("cognito:groups") or []
    if isinstance(groups, str):
        groups = groups.removeprefix("[").removesuffix("]").split()
    return frozenset(Role(group) for group in groups if group in list(Role))
