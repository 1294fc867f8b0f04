"""An address from outside, taken apart once, so that what is checked and what is connected to cannot differ."""

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from handlers.settings import settings
from schemas.errors import BadInput

LONGEST_URL = 2000
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(:[0-9]{0,5})?")
"""A host and perhaps a port: urlsplit itself finds an address in ``x:[::1]``."""
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_AS_WRITTEN = "/%:@!$&'()*+,;=-._~?"
"""What a path or query may hold unescaped, and the percent sign of what is escaped already."""


class Target(NamedTuple):
    """Where a request goes. ``host`` is a name, or an address without brackets; ``path`` begins with a slash."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who the address belongs to."""
        return self.scheme, self.host, self.port


def target_of(url: str) -> Target:
    """Take an address apart.

    Raises
    ------
    BadInput
        ``bad_url`` for whatever different programs could understand differently, and for all but https.
    """
    if not 0 < len(url) <= LONGEST_URL:
        raise _bad(f"has more than {LONGEST_URL} characters, or none")
    if "\\" in url or not url.isprintable():
        raise _bad("holds characters that no address has")
    try:
        parts = urlsplit(url)
        given = parts.port
    except ValueError:
        raise _bad("cannot be read") from None
    if parts.scheme not in _schemes():
        raise _bad("must begin with https://")
    if "@" in parts.netloc:
        raise _bad("must not hold a name or a password")
    if not _PLACE.fullmatch(parts.netloc):
        raise _bad("has no host")
    port = given if given is not None else (443 if parts.scheme == "https" else 80)
    if port == 0:
        raise _bad("has no port that can be reached")
    return Target(parts.scheme, _host(parts), port, _path(parts))


def _schemes() -> tuple[str, ...]:
    return ("https", "http") if settings().allows_private_addresses else ("https",)


def _host(parts: SplitResult) -> str:
    """Read the host in its one form: small letters, no final dot, an IPv4 address as four plain numbers."""
    host = (parts.hostname or "").removesuffix(".")
    if "[" in parts.netloc:
        return _literal(host)
    if not host.isascii():
        raise _bad("must have its host in the form xn--..., as browsers send it")
    if not _NAME.fullmatch(host):
        raise _bad("has no host")
    # 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to some programs and names to others.
    return _literal(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else host


def _literal(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise _bad("has a host that is no address as it is usually written") from None
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id is not None:
        raise _bad("must not name a network of one machine")
    return str(address)


def _path(parts: SplitResult) -> str:
    """Escape what people and content systems write into paths as it is: spaces, and letters beyond ASCII."""
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=_AS_WRITTEN)


def _bad(what: str) -> BadInput:
    """Say what is wrong without the address itself, which may hold a token."""
    return BadInput(f"The address {what}.", code="bad_url")
