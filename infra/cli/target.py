"""Which deployment a command speaks to: a stack on AWS by name, else the embedded one on this machine."""

from infra.cli.console import say
from infra.client import Client
from schemas.errors import PermanentFailure


def connect(stack: str | None, region: str | None, profile: str | None, *, start: bool = False) -> Client:
    """Return a client.

    Parameters
    ----------
    start
        Start the embedded stack if none runs here. It is left running: the next command is then quick.

    Raises
    ------
    PermanentFailure
        If there is no such stack, or none runs and ``start`` is not set.
    """
    if stack:
        return Client.aws(stack, region=region, profile=profile)
    from infra.local import stack as local

    try:
        return Client.local(local.attach())
    except PermanentFailure:
        if not start:
            raise
    say("Starting the embedded stack; `cleanplate down` stops it.")
    return Client.local(local.up())
