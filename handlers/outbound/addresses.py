"""Which addresses of the network may be reached from here."""

import ipaddress
import socket
from collections.abc import Sequence

from handlers.outbound.urls import Target, target_of
from handlers.settings import settings
from schemas.errors import BadInput, TransientFailure

_NEVER = [
    ipaddress.ip_network(network)
    for network in (
        # Python's own lists differ from release to release; what matters here stands here.
        "0.0.0.0/8",
        "100.64.0.0/10",  # behind carriers' address translation; Alibaba's metadata
        "168.63.129.16/32",  # Azure's metadata, at an address that looks public
        "169.254.0.0/16",  # link-local: metadata and credentials of AWS, Google and Azure
        "192.0.0.0/24",  # Oracle's metadata
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",
        "240.0.0.0/4",
        # IPv6 that carries an IPv4 address inside, which a gateway would take out again.
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo, and what else is set aside for protocols
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
]
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to hosts of the internet."""
_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def check(url: str) -> None:
    """Refuse an address that no request may go to. It is checked again when one goes there.

    Raises
    ------
    BadInput
        ``bad_url`` if it is none, or its host does not exist; ``private_address`` if the host is not public.
    TransientFailure
        ``unreachable`` if the host's name cannot be looked up at the moment.
    """
    target = target_of(url)
    try:
        resolve(target)
    except TransientFailure as failure:
        if isinstance(failure.__cause__, socket.gaierror) and failure.__cause__.errno in _NO_SUCH_NAME:
            raise BadInput(failure.message, code="bad_url") from None
        raise


def resolve(target: Target) -> Sequence[str]:
    """Look the host up, once; return its addresses, in the order in which they should be tried.

    Raises
    ------
    BadInput
        ``private_address`` if one of them is not public: a name that has both is not left to chance.
    TransientFailure
        ``unreachable`` if the name leads nowhere.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransientFailure(f"The host `{target.host}` cannot be found.", code="unreachable") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not addresses:
        raise TransientFailure(f"The host `{target.host}` has no address.", code="unreachable")
    if not settings().allows_private_addresses and not all(map(is_public, addresses)):
        raise BadInput(f"The host `{target.host}` is not on the public internet.", code="private_address")
    return addresses


def is_public(text: str) -> bool:
    """Whether an address belongs to a host of the public internet, and hides no other address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id is not None or address not in _UNICAST):
        return False
    return address.is_global and not address.is_multicast
