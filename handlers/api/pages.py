"""The review page: its files, packed beside the code, and what it has to know to sign people in."""

import hashlib
import json
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import security
from handlers.api.errors import NotFound
from handlers.settings import settings

router = Router()  # type: ignore[no-untyped-call]

_PAGE = "index.html"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
}
"""What a page may be made of; a file of another kind is not served."""
_ASK_AGAIN = "no-cache"
_KEEP_A_MINUTE = "max-age=60"
_SCOPES = ["openid", "email", "profile"]
_DEVELOPER_LOGIN = "/_cleanplate/login"


class PageFile(NamedTuple):
    """A file as it is answered."""

    body: bytes
    media_type: str
    etag: str
    caching: str


@router.get("/review")
def to_the_page() -> Response[str]:
    """Lead to the page's own folder: it names its files relative to that."""
    return Response(status_code=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": "review/"}, body="")


@router.get("/review/config.json")
def config() -> Response[str]:
    """Tell the page how people sign in. Nothing here is secret."""
    headers = {"Cache-Control": _ASK_AGAIN}
    return Response(status_code=200, content_type="application/json", body=json.dumps(_sign_in()), headers=headers)


@router.get("/review/.*")
def file() -> Response[Any]:
    """Answer with one of the page's files, or that the browser's copy is still good."""
    name = router.current_event.path.partition("/review/")[2] or _PAGE
    found = page_files(settings().page_folder).get(name)
    if found is None:
        raise NotFound("There is no such file.", code="unknown_path")
    headers = {
        "ETag": found.etag,
        "Cache-Control": found.caching,
        "Content-Security-Policy": security.page_policy(),
    }
    if found.etag in (router.current_event.headers or {}).get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers, body="")
    return Response(status_code=200, content_type=found.media_type, body=found.body, headers=headers)


@cache
def page_files(folder: Path) -> dict[str, PageFile]:
    """Read what may be served, by its path below the folder. What is not in here is not served, whatever is asked."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _MEDIA_TYPES)
    return {path.relative_to(folder).as_posix(): _read(path) for path in files}


def _read(path: Path) -> PageFile:
    body = path.read_bytes()
    caching = _ASK_AGAIN if path.suffix == ".html" else _KEEP_A_MINUTE
    return PageFile(body, _MEDIA_TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"', caching)


def _sign_in() -> dict[str, Any]:
    if settings().signs_in_developers:
        addresses = dict.fromkeys(("authorize_url", "token_url", "logout_url"))
        return {"sign_in": "developer", "login": _DEVELOPER_LOGIN, **addresses, "client_id": None, "scopes": []}
    base = settings().sign_in_url
    return {
        "sign_in": "cognito",
        "login": None,
        "authorize_url": f"{base}/oauth2/authorize",
        "token_url": f"{base}/oauth2/token",
        "logout_url": f"{base}/logout",
        "client_id": settings().sign_in_client,
        "scopes": _SCOPES,
    }
