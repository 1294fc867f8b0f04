"""HTTP APIs described by an OpenAPI document.

AWS
    ``AWS::ApiGatewayV2::Api`` takes its routes, integrations and authorizers from ``Body``. This is what SAM makes of
    every ``AWS::Serverless::HttpApi``.
ministack
    Ignores ``Body``: the API exists and has no routes.
"""

from collections.abc import Iterator
from typing import Any

from ministack.services import apigateway

from infra.local.emulator.cloudformation import handlers_of

_API = "AWS::ApiGatewayV2::Api"
Properties = dict[str, Any]


def apply() -> None:
    """Wrap creation and update of HTTP APIs."""
    api = handlers_of(_API)
    create, update = api["create"], api["update"]

    def create_with_body(logical_id: str, props: Properties, stack: str) -> Any:
        created = create(logical_id, _named(props, logical_id), stack)
        _import_body(created[0], props, stack)
        return created

    def update_with_body(
        api_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
    ) -> Any:
        updated = update(api_id, old, _named(new, logical_id or api_id), stack, logical_id)
        _import_body(updated[0], new, stack)
        return updated

    api |= {"create": create_with_body, "update": update_with_body}


def _named(props: Properties, default: str) -> Properties:
    """What the document says about the API itself, as properties."""
    body = props.get("Body") or {}
    name = props.get("Name") or body.get("info", {}).get("title", default)
    cors = props.get("CorsConfiguration") or _cors(body.get("x-amazon-apigateway-cors"))
    return {**props, "Name": name, **({"CorsConfiguration": cors} if cors else {})}


def _cors(document: Properties | None) -> Properties | None:
    return {f"{key[0].upper()}{key[1:]}": value for key, value in document.items()} if document else None


def _import_body(api_id: str, props: Properties, stack: str) -> None:
    body = props.get("Body")
    if not body:
        return
    for store in (apigateway._routes, apigateway._integrations, apigateway._authorizers):
        store[api_id] = {}
    authorizers = dict(_authorizers(api_id, body, stack))
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if "x-amazon-apigateway-integration" in operation:
                _route(api_id, path, method, operation, authorizers, stack)


def _authorizers(api_id: str, body: Properties, stack: str) -> Iterator[tuple[str, Properties]]:
    """Yield each security scheme's name with the route properties that it stands for."""
    for name, scheme in (body.get("components", {}).get("securitySchemes") or {}).items():
        definition = scheme.get("x-amazon-apigateway-authorizer")
        if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
            yield name, {"AuthorizationType": "AWS_IAM"}
        elif definition:
            kind = "JWT" if definition["type"] == "jwt" else "REQUEST"
            authorizer_id = _create("Authorizer", _authorizer(api_id, name, kind, definition), stack)
            authorization = "JWT" if kind == "JWT" else "CUSTOM"
            yield name, {"AuthorizationType": authorization, "AuthorizerId": authorizer_id}


def _authorizer(api_id: str, name: str, kind: str, definition: Properties) -> Properties:
    source = definition.get("identitySource", [])
    jwt = definition.get("jwtConfiguration", {})
    return {
        "ApiId": api_id,
        "Name": name,
        "AuthorizerType": kind,
        "IdentitySource": [source] if isinstance(source, str) else source,
        "JwtConfiguration": {"Issuer": jwt.get("issuer", ""), "Audience": jwt.get("audience", [])},
        "AuthorizerUri": definition.get("authorizerUri", ""),
        "AuthorizerPayloadFormatVersion": definition.get("authorizerPayloadFormatVersion", "2.0"),
        "EnableSimpleResponses": definition.get("enableSimpleResponses", False),
    }


def _route(
    api_id: str, path: str, method: str, operation: Properties, authorizers: dict[str, Properties], stack: str
) -> None:
    integration = operation["x-amazon-apigateway-integration"]
    integration_id = _create(
        "Integration",
        {
            "ApiId": api_id,
            "IntegrationType": integration["type"].upper(),
            "IntegrationUri": integration.get("uri", ""),
            "IntegrationMethod": integration.get("httpMethod", "POST"),
            "PayloadFormatVersion": integration.get("payloadFormatVersion", "2.0"),
            "TimeoutInMillis": integration.get("timeoutInMillis", 30000),
        },
        stack,
    )
    security = [name for requirement in operation.get("security", []) for name in requirement]
    authorization = next((authorizers[name] for name in security if name in authorizers), {})
    verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
    route_key = "$default" if path == "/$default" else f"{verb} {path}"
    target = f"integrations/{integration_id}"
    _create("Route", {"ApiId": api_id, "RouteKey": route_key, "Target": target, **authorization}, stack)


def _create(kind: str, props: Properties, stack: str) -> str:
    physical_id: str = handlers_of(f"AWS::ApiGatewayV2::{kind}")["create"](kind, props, stack)[0]
    return physical_id
