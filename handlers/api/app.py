"""The HTTP API's entry: routes, and errors as problem documents (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers.api import assets, callers, marks, me, pages, remaking, reviews, security, uploads
from handlers.observability import logger, metrics
from handlers.recipes import shipped
from schemas.errors import CleanplateError

_MACHINES = "/signed"
"""Below this path API Gateway lets in who signs, and elsewhere who brings a token; they ask for the same things."""

app = APIGatewayHttpResolver(strip_prefixes=[_MACHINES])
app.include_router(assets.router, prefix="/assets")
app.include_router(marks.router, prefix="/marks")
app.include_router(me.router)
app.include_router(pages.router)
app.include_router(reviews.router)
app.include_router(remaking.router)
app.include_router(uploads.router, prefix="/uploads")


@app.get("/health")
def health() -> dict[str, str]:
    """Say that requests get this far."""
    return {"status": "ok"}


@app.get("/recipes")
@callers.needs(*callers.ANY_ROLE)
def recipes() -> dict[str, Any]:
    """List the recipes."""
    return {"recipes": [recipe.model_dump(mode="json") for recipe in shipped().values()]}


@app.get("/openapi.json")
@callers.needs(*callers.ANY_ROLE)
def description() -> Response[str]:
    """Describe this API as an OpenAPI 3.1 document."""
    from handlers.api import openapi  # built when somebody asks for it: no other request waits for that

    return Response(status_code=200, content_type="application/json", body=openapi.written(app))


def _problem(status: int, code: str, detail: str) -> Response[str]:
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return Response(status_code=status, content_type="application/problem+json", body=json.dumps(body))


@app.exception_handler(CleanplateError)  # type: ignore[untyped-decorator]
def on_our_error(error: CleanplateError) -> Response[str]:
    """Our errors are written for people."""
    return _problem(error.http_status, error.code, error.message)


@app.exception_handler(ValidationError)  # type: ignore[untyped-decorator]
def on_bad_request(error: ValidationError) -> Response[str]:
    """Name the first field that is wrong; what was sent is not repeated."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(map(str, first["loc"])) or "body"
    return _problem(400, "bad_request", f"{field[:60]}: {first['msg']}")


@app.not_found
def on_unknown_path(_error: Exception) -> Response[str]:
    """Answer in the same form as everything else."""
    return _problem(404, "unknown_path", "There is nothing at this path.")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request, and tell the browser what not to do with the answer."""
    answer = app.resolve(event, context)
    private = {"Cache-Control": "no-store", "Content-Security-Policy": security.DOCUMENT_POLICY}
    answer["headers"] = {**private, **security.HEADERS, **answer.get("headers", {})}
    return answer
