"""The HTTP API's entry: routes, and errors as problem documents (RFC 9457)."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers.api import (
    assets,
    batches,
    copies,
    costs,
    credentials,
    deliveries,
    docs,
    erasures,
    etags,
    events,
    fetches,
    found_runs,
    hooks,
    life,
    links,
    marks,
    me,
    pages,
    previews,
    problems,
    provenance,
    recipes,
    remaking,
    replays,
    reviews,
    runs,
    security,
    uploads,
    webhooks,
    withdrawals,
)
from handlers.observability import logger, metrics
from schemas.errors import CleanplateError

_MACHINES = "/signed"
"""Below this path API Gateway lets in who signs, and elsewhere who brings a token; they ask for the same things."""

app = APIGatewayHttpResolver(strip_prefixes=[_MACHINES])
app.include_router(assets.router, prefix="/assets")
app.include_router(batches.router, prefix="/batches")
app.include_router(copies.router, prefix="/assets")
app.include_router(costs.router, prefix="/costs")
app.include_router(credentials.router, prefix="/assets")
app.include_router(docs.router)
app.include_router(erasures.router)
app.include_router(fetches.router, prefix="/fetches")
app.include_router(events.router)
app.include_router(hooks.router, prefix="/hooks")
app.include_router(life.router, prefix="/assets")
app.include_router(links.router)
app.include_router(marks.router, prefix="/marks")
app.include_router(me.router)
app.include_router(pages.router)
app.include_router(previews.router, prefix="/previews")
app.include_router(found_runs.router)
app.include_router(provenance.router)
app.include_router(recipes.router, prefix="/recipes")
app.include_router(reviews.router)
app.include_router(remaking.router)
app.include_router(replays.router)
app.include_router(runs.router, prefix="/runs")
app.include_router(uploads.router, prefix="/assets")
app.include_router(withdrawals.router, prefix="/assets")
app.include_router(webhooks.router, prefix="/webhooks")
app.include_router(deliveries.router, prefix="/webhooks/deliveries")


@app.get("/health")
def health() -> dict[str, str]:
    """Say that requests get this far."""
    return {"status": "ok"}


@app.get("/openapi.json")
def description() -> Response[str]:
    """Describe this API as an OpenAPI 3.1 document."""
    from handlers.api import openapi  # built when somebody asks for it: no other request waits for that

    return Response(status_code=200, content_type="application/json", body=openapi.written(app))


@app.exception_handler(CleanplateError)  # type: ignore[untyped-decorator]
def on_our_error(error: CleanplateError) -> Response[str]:
    """Our errors are written for people."""
    return problems.of_ours(error)


@app.exception_handler(ValidationError)  # type: ignore[untyped-decorator]
def on_bad_request(error: ValidationError) -> Response[str]:
    """Name the fields that are wrong; what was sent is not repeated."""
    return problems.of_validation(error)


@app.not_found
def on_unknown_path(_error: Exception) -> Response[str]:
    """Answer in the same form as everything else."""
    return problems.problem(404, "unknown_path", "There is nothing at this path.")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request, and tell the browser what not to do with the answer."""
    http = event["requestContext"]["http"]
    answer = etags.tagged(http["method"], event.get("headers") or {}, app.resolve(event, context))
    private = {"Cache-Control": "no-store", "Content-Security-Policy": security.DOCUMENT_POLICY}
    answer["headers"] = {**private, **security.HEADERS, **answer.get("headers", {})}
    return answer
