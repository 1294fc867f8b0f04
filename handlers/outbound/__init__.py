"""Requests to addresses that somebody outside wrote down: never to a machine that is not on the public internet.

Such an address may name this account's own machines, or the place where a function finds its credentials. So every
name is resolved once, every address that it has must be public, and the connection goes to an address that was checked.
"""

from handlers.outbound.addresses import check
from handlers.outbound.downloading import Downloaded, download
from handlers.outbound.sending import Reply, post

__all__ = ["Downloaded", "Reply", "check", "download", "post"]
