"""Whether a request comes from who shares a hook's secret, was not changed on its way, and is of now.

Each check is over the bytes that came, before anybody reads them, and takes as long for a wrong signature as for a
right one.
"""

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote

from schemas.hook import HookKind

_WINDOW = 300.0
"""Seconds that a signature is good for, and that clocks may differ by. Standard Webhooks' library has the same."""
_SANITYS_WINDOW = 3600.0
"""Sanity tries again for half an hour, perhaps with its first signature. A replay is the same order anyway."""
_SANITY = re.compile(r"t=(\d{10,16})[, ]+v1=([A-Za-z0-9_-]{43})=?")
_CONTENTFUL = "x-contentful-"
_UNESCAPED = "-_.!~*'()"
_UNESCAPED_IN_URI = ";,/?:@&=+$#" + _UNESCAPED


class Sent(NamedTuple):
    """A request as it came. Names of headers are in small letters; ``path`` has no query."""

    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def is_signed(kind: HookKind, secret: str, sent: Sent) -> bool:
    """Check a request as its sender signs."""
    if kind is HookKind.CONTENTFUL:
        return _by_contentful(secret, sent)
    if kind is HookKind.SANITY:
        return _by_sanity(secret, sent)
    return _by_standard(secret, sent)


def identity(kind: HookKind, sent: Sent) -> str:
    """Name an event by what its signature covers, so that a replay is the same event."""
    if kind in (HookKind.CONTENTFUL, HookKind.SANITY):
        return hashlib.sha256(sent.body).hexdigest()
    return sent.headers["webhook-id"]


def _by_standard(secret: str, sent: Sent) -> bool:
    """Check as Standard Webhooks does (standardwebhooks.com)."""
    from standardwebhooks.webhooks import Webhook, WebhookVerificationError  # few requests are events

    try:
        Webhook(secret).verify(sent.body, dict(sent.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: headers that are not even of its form
        return False
    return True


def _by_sanity(secret: str, sent: Sent) -> bool:
    """Check as @sanity/webhook does: ``t=<milliseconds>,v1=<HMAC of t, a dot and the body, in base64url>``."""
    found = _SANITY.fullmatch(sent.headers.get("sanity-webhook-signature", ""))
    if not found or not _is_of_now(found[1], _SANITYS_WINDOW):
        return False
    try:
        given = base64.urlsafe_b64decode(found[2] + "=")
    except binascii.Error:
        return False
    return hmac.compare_digest(given, _hmac(secret, f"{found[1]}.".encode() + sent.body))


def _by_contentful(secret: str, sent: Sent) -> bool:
    """Check as Contentful's request verification does: an HMAC of method, path, some headers and the body."""
    timestamp = sent.headers.get(f"{_CONTENTFUL}timestamp", "")
    names = sorted({name.strip().lower() for name in sent.headers.get(f"{_CONTENTFUL}signed-headers", "").split(",")})
    if not _is_of_now(timestamp) or not {f"{_CONTENTFUL}timestamp", f"{_CONTENTFUL}signed-headers"} <= set(names):
        return False
    covered = {**sent.headers, f"{_CONTENTFUL}signed-headers": ",".join(names)}
    if not covered.keys() >= set(names):
        return False
    headers = ";".join(f"{name}:{covered[name].strip()}" for name in names)
    canonical = f"POST\n{_as_contentful_writes(sent.path, sent.query)}\n{headers}\n".encode() + sent.body
    given = sent.headers.get(f"{_CONTENTFUL}signature", "")
    return hmac.compare_digest(given.encode(), _hmac(secret, canonical).hex().encode())


def _as_contentful_writes(path: str, query: str) -> str:
    """Escape as its toolkit does: the query once as a part, and then both as an address."""
    return quote(f"{path}?{quote(query, safe=_UNESCAPED)}" if query else path, safe=_UNESCAPED_IN_URI)


def _is_of_now(milliseconds: str, longest: float = _WINDOW) -> bool:
    if not re.fullmatch(r"[0-9]{10,16}", milliseconds):
        return False
    return -_WINDOW <= time.time() - int(milliseconds) / 1000 <= longest


def _hmac(secret: str, data: bytes) -> bytes:
    return hmac.new(secret.encode(), data, hashlib.sha256).digest()
