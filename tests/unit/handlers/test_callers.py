"""Who asks is what API Gateway says, and every route says who may."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from handlers.api import app as api
from handlers.api.callers import Caller, caller_of
from handlers.api.errors import NotSignedIn
from schemas.role import Role
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Answer, refused

PAGE = {("GET", "/health"), ("GET", "/review"), ("GET", "/review/config.json"), ("GET", "/review/.*")}
DESCRIPTION = {("GET", "/docs"), ("GET", "/openapi.json")}
SIGNED_BY_SENDER = {("POST", "/hooks/<hook>")}
LEADS_THERE = {("GET", "/assets/<asset_id>/page")}
OPEN = PAGE | LEADS_THERE | DESCRIPTION | SIGNED_BY_SENDER
SIGNED_IN = {("GET", "/me")}
READS = {Role.SUBMITTER, Role.REVIEWER, Role.ADMIN}
WHO_MAY = {
    ("GET", "/assets"): READS,
    ("GET", "/marks"): READS,
    ("GET", "/recipes"): READS,
    ("GET", "/recipes/schema"): READS,
    ("GET", "/recipes/scene"): READS,
    ("PUT", "/recipes/scene"): {Role.ADMIN},
    ("GET", "/verdicts"): READS,
    ("POST", "/assets"): {Role.SUBMITTER, Role.ADMIN},
    ("PUT", "/marks/house"): {Role.SUBMITTER, Role.ADMIN},
    ("DELETE", "/marks/house"): {Role.ADMIN},
    ("POST", "/reviews/a-1/r-1/verdict"): {Role.REVIEWER, Role.ADMIN},
}
ARN = "arn:aws:sts::123456789012:assumed-role/cms/nightly"
Send = Callable[..., Answer]


def by_token(**claims: Any) -> dict[str, Any]:
    return {"jwt": {"claims": {"sub": "4a75bed9", "username": "ada", **claims}, "scopes": ["openid"]}}


def in_groups(*groups: str) -> dict[str, Any]:
    return by_token(**{"cognito:groups": f"[{' '.join(groups)}]"}) if groups else by_token()


def asked_by(authorizer: Any) -> Caller:
    return caller_of({"requestContext": {"authorizer": authorizer}})


@pytest.fixture
def send(aws: None, captured: Callable[[str], Any], context: Any) -> Send:
    """Send a request with what an authorizer found."""

    def sent(method: str, path: str, authorizer: Any = None, **headers: str) -> Answer:
        event = captured("http-api-get")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["requestContext"]["authorizer"] = authorizer
        event["headers"] |= headers
        event["queryStringParameters"] = {}
        answer = answered(event, context)
        return answer["statusCode"], json.loads(answer["body"])

    return sent


def routes() -> set[tuple[str, str]]:
    found = api.app._static_routes + api.app._dynamic_routes
    return {(route.method, route.path) for route in found}


def test_a_person_is_known_by_what_never_changes_and_called_by_name() -> None:
    ada = asked_by(in_groups("reviewer", "submitter"))
    assert (ada.who, ada.name, ada.signed) == ("person:4a75bed9", "ada", False)
    assert ada.roles == {Role.REVIEWER, Role.SUBMITTER}


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ada@example.org"}, "ada"),
        ({"username": None, "cognito:username": "ada.l", "email": "ada@example.org"}, "ada.l"),
        ({"username": None, "email": "ada@example.org"}, "ada@example.org"),
        ({"username": None}, ""),
    ],
)
def test_a_persons_name_is_in_either_kind_of_token(claims: dict[str, Any], name: str) -> None:
    assert asked_by(by_token(**claims)).name == name


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ("[reviewer]", {Role.REVIEWER}),
        ("[submitter admin]", {Role.SUBMITTER, Role.ADMIN}),
        (["reviewer", "admin"], {Role.REVIEWER, Role.ADMIN}),
        ("[editors]", set()),
        ("[reviewers REVIEWER superadmin]", set()),
        ("[]", set()),
        (None, set()),
    ],
)
def test_groups_are_roles_by_their_exact_names_alone(groups: Any, roles: set[Role]) -> None:
    assert asked_by(by_token(**{"cognito:groups": groups})).roles == roles


def test_a_machine_is_its_identity_and_may_what_iam_let_through() -> None:
    cms = asked_by({"iam": {"userArn": ARN, "accessKey": "AKIDEXAMPLE"}})
    assert (cms.who, cms.name, cms.signed) == (ARN, "nightly", True)
    assert all(cms.has(role) for role in Role)


@pytest.mark.parametrize("authorizer", [None, {}, {"iam": None}, {"iam": {"userArn": None}}, {"jwt": {"claims": {}}}])
def test_nobody_is_nobody(authorizer: Any) -> None:
    with pytest.raises(NotSignedIn):
        asked_by(authorizer)


def test_headers_and_path_make_nobody_somebody(send: Send) -> None:
    forged = {"x-user": "ada", "x-amzn-oidc-identity": "ada", "authorization": "Bearer a.b.c", "cookie": "groups=admin"}
    for path in ("/me", "/signed/me", "/assets"):
        refused(send("GET", path, None, **forged), 401, "no_identity")


def test_me_says_who_asks(send: Send) -> None:
    person = {"who": "person:4a75bed9", "name": "ada", "roles": ["reviewer"], "signed": False}
    assert send("GET", "/me", in_groups("reviewer")) == (200, person)
    assert send("GET", "/me", in_groups())[1]["roles"] == []
    assert send("GET", "/signed/me", {"iam": {"userArn": ARN}})[1]["signed"] is True


def test_machines_ask_below_their_own_path_for_the_same_things(send: Send) -> None:
    machine = {"iam": {"userArn": ARN}}
    assert send("GET", "/signed/recipes", machine) == send("GET", "/recipes", machine)
    refused(send("GET", "/signed/signed/recipes", machine), 404, "unknown_path")
    refused(send("GET", "/signedrecipes", machine), 404, "unknown_path")


@pytest.mark.parametrize("route", sorted(routes() - OPEN), ids=" ".join)
def test_every_route_states_who_may(send: Send, route: tuple[str, str]) -> None:
    """Also one that is yet to be written: it is refused to nobody and to somebody without a role, or this fails."""
    method, path = route[0], re.sub("<[^>]*>", "x", route[1])
    refused(send(method, path), 401, "no_identity")
    if route not in SIGNED_IN:
        refused(send(method, path, in_groups("other")), 403, "role_missing")


def test_what_is_open_is_the_page_health_the_description_and_hooks_that_check_signatures() -> None:
    assert routes() >= OPEN | SIGNED_IN
    assert {path for _, path in PAGE} == {path for _, path in routes() if path.startswith(("/health", "/review"))} - {
        path for _, path in routes() if path.startswith("/reviews")
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path"), WHO_MAY)
def test_roles_open_what_they_are_for_and_nothing_else(send: Send, role: Role, method: str, path: str) -> None:
    status, body = send(method, path, in_groups(role))
    assert (status == 403) == (role not in WHO_MAY[method, path]), body


def test_a_refusal_says_what_is_missing(send: Send) -> None:
    detail = refused(send("DELETE", "/marks/house", in_groups("submitter")), 403, "role_missing")
    assert "needs admin; you have submitter" in detail
    assert "you have no role" in refused(send("GET", "/assets", in_groups()), 403, "role_missing")
