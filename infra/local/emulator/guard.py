"""Keep other people's web pages out of the emulator.

It trusts whoever signs with its root key, answers cross-origin requests with ``Access-Control-Allow-Origin: *``, and
offers ``POST /_ministack/reset``, which wipes everything without any key. All three are within reach of any page that
is open in a browser on this machine.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from infra.local import loopback

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Any], Awaitable[None]]

_ADMIN = "/_ministack/"
_READ_ONLY = frozenset({"GET", "HEAD"})


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
    if scope["path"].startswith(_ADMIN) and scope.get("method") not in _READ_ONLY:
        return "administration over HTTP is switched off"
    return loopback.refusal(headers.get(b"host"), headers.get(b"origin"))


async def _forbid(scope: Scope, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": reason.encode()})
