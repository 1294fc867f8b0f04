"""The API's description for people: one page that the server writes. It needs no script and loads nothing."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import security

router = Router()  # type: ignore[no-untyped-call]


@router.get("/docs")
def page() -> Response[str]:
    """Show this API as a page to read."""
    from handlers.api.app import app  # the page describes the routes, of which it is one

    body, policy = _written(app)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return Response(status_code=200, content_type="text/html; charset=utf-8", body=body, headers=headers)


@cache
def _written(app: Any) -> tuple[str, str]:
    from handlers.api import openapi
    from handlers.api.readable import STYLE, as_page  # nobody else waits for it

    return as_page(openapi.document(app)), security.styled_policy(STYLE)
