"""Who is let in: people with a token of the user pool, machines with a signature, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas.role import Role
from tests.infrastructure.conftest import Resources, as_text

OfType = Callable[[str], Resources]
OPEN = {
    *("GET /docs", "GET /health", "GET /openapi.json"),
    *("GET /review", "GET /review/{proxy+}", "GET /assets/{asset}/page", "POST /hooks/{hook}"),
}
"""The one for hooks is for whoever signs with a hook's secret, which the function checks; that of an asset's page only
leads there, and looks nothing up."""
PAGE = {"Fn::Sub": "https://${HttpApi}.execute-api.${AWS::Region}.amazonaws.com/review/"}


@pytest.fixture
def routes(of_type: OfType) -> dict[str, dict[str, Any]]:
    """Every route by its key."""
    found = [route["Properties"] for route in of_type("AWS::ApiGatewayV2::Route").values()]
    return {route["RouteKey"]: route for route in found}


@pytest.fixture
def client(of_type: OfType) -> dict[str, Any]:
    """The page, as the user pool knows it."""
    (found,) = of_type("AWS::Cognito::UserPoolClient").values()
    return dict(found["Properties"])


def test_nothing_but_the_page_health_and_signed_events_is_open(routes: dict[str, dict[str, Any]]) -> None:
    assert {key for key, route in routes.items() if route["AuthorizationType"] == "NONE"} == OPEN
    assert {key: route["AuthorizationType"] for key, route in routes.items() if key not in OPEN} == {
        "ANY /signed/{proxy+}": "AWS_IAM",
        "ANY /{proxy+}": "JWT",
    }
    assert "$default" not in routes


def test_people_are_checked_against_our_pool_and_our_page(of_type: OfType, routes: dict[str, dict[str, Any]]) -> None:
    ((name, authorizer),) = of_type("AWS::ApiGatewayV2::Authorizer").items()
    assert routes["ANY /{proxy+}"]["AuthorizerId"] == {"Ref": name}
    settings = authorizer["Properties"]["JwtConfiguration"]
    assert settings["Audience"] == [{"Ref": "UserPoolClient"}]
    assert settings["Issuer"]["Fn::Sub"].endswith("/${UserPool}")
    assert authorizer["Properties"]["IdentitySource"] == ["$request.header.Authorization"]


def test_every_route_leads_to_the_one_function_that_only_this_api_may_call(
    of_type: OfType, routes: dict[str, dict[str, Any]]
) -> None:
    ((integration, found),) = of_type("AWS::ApiGatewayV2::Integration").items()
    assert {as_text(route["Target"]) for route in routes.values()} == {
        as_text({"Fn::Sub": f"integrations/${{{integration}}}"})
    }
    assert found["Properties"]["IntegrationUri"] == {"Fn::GetAtt": ["ApiFunction", "Arn"]}
    assert found["Properties"]["PayloadFormatVersion"] == "2.0"
    permissions = [each["Properties"] for each in of_type("AWS::Lambda::Permission").values()]
    (allowed,) = [each for each in permissions if each["Principal"] == "apigateway.amazonaws.com"]
    assert "${HttpApi}/" in allowed["SourceArn"]["Fn::Sub"]


def test_requests_are_bounded_and_written_down_without_their_tokens(of_type: OfType) -> None:
    (stage,) = [each["Properties"] for each in of_type("AWS::ApiGatewayV2::Stage").values()]
    bounds = {"ThrottlingRateLimit": {"Ref": "RequestsPerSecond"}, "ThrottlingBurstLimit": {"Ref": "RequestBurst"}}
    assert stage["DefaultRouteSettings"] == bounds
    ((open_to_senders, bounded),) = stage["RouteSettings"].items()
    assert open_to_senders in OPEN
    assert set(bounded) == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
    assert stage["AutoDeploy"] is True
    assert "$context.requestId" in stage["AccessLogSettings"]["Format"]
    assert "header" not in stage["AccessLogSettings"]["Format"].lower()


def test_the_page_has_no_secret_and_gets_its_tokens_for_a_code_alone(client: dict[str, Any]) -> None:
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True


def test_tokens_live_no_longer_than_an_hour_and_a_working_day(client: dict[str, Any]) -> None:
    units = client["TokenValidityUnits"]
    assert units == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"}
    assert max(client["AccessTokenValidity"], client["IdTokenValidity"]) <= 60
    assert client["RefreshTokenValidity"] <= 12


def test_sign_in_leads_back_to_the_page_and_nowhere_else(client: dict[str, Any]) -> None:
    assert client["CallbackURLs"] == client["LogoutURLs"] == [PAGE]


def test_nobody_signs_up_and_a_pool_of_people_is_kept(of_type: OfType) -> None:
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    properties = pool["Properties"]
    assert properties["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert properties["MfaConfiguration"] in ("OPTIONAL", "ON")
    assert properties["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert properties["DeletionProtection"] == "ACTIVE"
    assert (pool["DeletionPolicy"], pool["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_groups_are_the_roles_and_give_no_rights_in_aws(of_type: OfType) -> None:
    groups = [group["Properties"] for group in of_type("AWS::Cognito::UserPoolGroup").values()]
    assert sorted(group["GroupName"] for group in groups) == sorted(Role)
    assert not any("RoleArn" in group for group in groups)


def test_only_the_page_reads_pictures_across_origins(of_type: OfType) -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        (rule,) = bucket["Properties"]["CorsConfiguration"]["CorsRules"]
        assert rule["AllowedMethods"] == ["GET"], name
        assert rule["AllowedOrigins"] == [{"Fn::Sub": PAGE["Fn::Sub"].removesuffix("/review/")}], name
    (api,) = of_type("AWS::ApiGatewayV2::Api").values()
    assert "CorsConfiguration" not in api["Properties"], "the page and the API are one origin"


def test_the_developer_login_is_off_unless_asked_for(template: dict[str, Any]) -> None:
    assert template["Parameters"]["SignIn"]["Default"] == "cognito"


def test_machines_of_ones_own_network_are_refused_unless_asked_for(template: dict[str, Any]) -> None:
    assert template["Parameters"]["PrivateAddresses"]["Default"] == "refuse"
    given = template["Globals"]["Function"]["Environment"]["Variables"]["ALLOW_PRIVATE_ADDRESSES"]
    assert given == {"Fn::If": ["AllowsPrivate", "yes", "no"]}
