"""Keep other people's web pages out of the emulator.

It trusts whoever signs with its root key, answers cross-origin requests with ``Access-Control-Allow-Origin: *``, and
offers ``POST /_ministack/reset``, which wipes everything without any key. All three are reachable from any page that
is open in a browser on this machine. So requests must be addressed to a name of ours (against DNS rebinding), must
not come from a page of another host, and administration over HTTP is off.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Any], Awaitable[None]]

_ADMIN = "/_ministack/"
_READ_ONLY = frozenset({"GET", "HEAD"})
_LOOPBACK = re.compile(r"127\.0\.0\.1|::1|localhost|.+\.localhost")
_AWS = re.compile(r".+\.(amazonaws\.com|cloudfront\.net)")  # names nobody else can point at this machine


def guarded(app: App, on_request: Callable[[], None]) -> App:
    """Wrap the application; ``on_request`` is told of everything let through that could change state."""

    async def serve(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
        elif reason := refusal(scope):
            await _forbid(scope, send, reason)
        else:
            if not scope["path"].startswith(_ADMIN):
                on_request()
            await app(scope, receive, send)

    return serve


def refusal(scope: Scope) -> str | None:
    """Return why a request is not let through, or None."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = urlsplit(f"//{headers.get(b'host', '')}").hostname or ""
    if not (_LOOPBACK.fullmatch(host) or _AWS.fullmatch(host)):
        return "this host name is not served here"
    origin = headers.get(b"origin")
    if origin is not None and not _LOOPBACK.fullmatch(urlsplit(origin).hostname or ""):
        return "requests from other sites are not served"
    if scope["path"].startswith(_ADMIN) and scope.get("method") not in _READ_ONLY:
        return "administration over HTTP is switched off"
    return None


async def _forbid(scope: Scope, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": reason.encode()})
