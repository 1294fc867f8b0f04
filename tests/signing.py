"""Signatures as content systems make them, written down here a second time: a check must not judge itself."""

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime
from urllib.parse import quote

from schemas.hook import HookKind


def signed(
    kind: HookKind, secret: str, path: str, body: bytes, *, at: float | None = None, name: str = "msg-1"
) -> dict[str, str]:
    """Sign a request as such a system does; the headers that it adds."""
    moment = time.time() if at is None else at
    if kind is HookKind.CONTENTFUL:
        return by_contentful(secret, path, body, moment)
    if kind is HookKind.SANITY:
        return by_sanity(secret, body, moment)
    return by_standard(secret, body, moment, name)


def by_standard(secret: str, body: bytes, moment: float, name: str) -> dict[str, str]:
    from standardwebhooks.webhooks import Webhook

    signature = Webhook(secret).sign(name, datetime.fromtimestamp(int(moment), UTC), body.decode())
    return {"webhook-id": name, "webhook-timestamp": str(int(moment)), "webhook-signature": signature}


def by_sanity(secret: str, body: bytes, moment: float) -> dict[str, str]:
    stamp = str(int(moment * 1000))
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).digest()
    return {"sanity-webhook-signature": f"t={stamp},v1={base64.urlsafe_b64encode(made).decode().rstrip('=')}"}


def by_contentful(secret: str, path: str, body: bytes, moment: float) -> dict[str, str]:
    topic, stamp = "ContentManagement.Asset.publish", str(int(moment * 1000))
    names = "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic"
    headers = f"x-contentful-signed-headers:{names};x-contentful-timestamp:{stamp};x-contentful-topic:{topic}"
    canonical = f"POST\n{quote(path)}\n{headers}\n".encode() + body
    return {
        "x-contentful-topic": topic,
        "x-contentful-timestamp": stamp,
        "x-contentful-signed-headers": names,
        "x-contentful-signature": hmac.new(secret.encode(), canonical, hashlib.sha256).hexdigest(),
    }
