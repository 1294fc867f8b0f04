"""Who may speak to a server on the loopback interface."""

import re
from urllib.parse import urlsplit

_LOOPBACK = re.compile(r"127\.0\.0\.1|::1|localhost|.+\.localhost")
_AWS = re.compile(r".+\.(amazonaws\.com|cloudfront\.net)")  # names that nobody else can point at this machine


def refusal(host: str | None, origin: str | None) -> str | None:
    """Return why a request is not answered, or None if it may be.

    A loopback address keeps other machines out, but not the web pages that are open in a browser on this one.

    Parameters
    ----------
    host
        The ``Host`` header. A name that is not ours means DNS rebinding: a page's own name, pointed at this machine.
    origin
        The ``Origin`` header, which browsers send with every request that a script of another site makes.
    """
    if not (_matches(_LOOPBACK, f"//{host}") or _matches(_AWS, f"//{host}")):
        return "this host name is not served here"
    if origin is not None and not _matches(_LOOPBACK, origin):
        return "requests from other sites are not answered"
    return None


def _matches(names: re.Pattern[str], address: str) -> bool:
    try:
        return bool(names.fullmatch(urlsplit(address).hostname or ""))
    except ValueError:  # not an address at all
        return False
