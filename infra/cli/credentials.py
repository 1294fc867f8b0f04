"""``cleanplate verify`` and ``cleanplate credentials``: what a file says about itself, and whether that holds."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import urllib3

    from schemas.verified import Verification

_LARGEST = 512 << 20
"""Bytes that are fetched from an address."""
_TIMEOUT = 30.0
"""Seconds without a byte."""
_UNREADABLE = 4
"""Exit code where nothing could be found out."""

app = typer.Typer(no_args_is_help=True, help="Content Credentials: the certificates of the embedded stack.")

What = Annotated[str, typer.Argument(metavar="FILE|URL", help="A picture on this machine, or its https address.")]
Trust = Annotated[
    Path | None,
    typer.Option(
        "--trust",
        exists=True,
        dir_okay=False,
        help="Certificates to trust, in PEM; without it those of the embedded stack, if there is one.",
    ),
]


def verify(
    what: What, trust: Trust = None, as_json: Annotated[bool, typer.Option("--json", help="Print a document.")] = False
) -> None:
    """Tell what a file's Content Credentials say, and whether it is what was signed.

    Ends with 0 where it is intact and signed by somebody who is trusted, 1 where it was tampered with, 2 where it is
    not signed, 3 where nobody here trusts the signer, and 4 where that cannot be told.
    """
    from infra.cli.console import printable
    from schemas.errors import CleanplateError
    from schemas.verified import told

    try:
        found = _verified(what, _anchors(trust))
    except (CleanplateError, OSError) as error:
        message = error.message if isinstance(error, CleanplateError) else f"{error.strerror or error}: {what}"
        typer.secho(printable(f"cleanplate: {message}"), fg="red", err=True)
        raise typer.Exit(_UNREADABLE) from error
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        typer.echo("\n".join(map(printable, told(found))))
    raise typer.Exit(found.standing.exit_code)


@app.command()
def anchor() -> None:
    """Print where the certificates lie that files of the embedded stack are checked against."""
    typer.echo(str(_own_anchor()))


def _verified(what: str, anchors: str) -> "Verification":
    from handlers.credentials.reading import verify as read

    if "://" not in what:
        return read(Path(what), anchors)
    with tempfile.TemporaryDirectory(prefix="cleanplate-") as folder:
        return read(_fetched(what, Path(folder) / "file"), anchors)


def _fetched(address: str, to: Path) -> Path:
    """Fetch a file of at most ``_LARGEST`` bytes; what it says is checked, so it matters little who gives it."""
    import urllib3

    from schemas.errors import BadInput, TransientFailure

    if not address.lower().startswith(("https://", "http://")):
        raise BadInput("Give a file, or an address that begins with https://.", code="bad_url")
    patience = urllib3.Retry(total=3, redirect=3, backoff_factor=0.3)
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT, retries=patience) as pool:
            answer = pool.request("GET", address, preload_content=False)
            try:
                _keep(answer, to)
            finally:
                answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise TransientFailure("The address could not be reached, or broke off.", code="unreachable") from error
    return to


def _keep(answer: "urllib3.BaseHTTPResponse", to: Path) -> None:
    from schemas.errors import BadInput

    if answer.status != 200:
        raise BadInput(f"The address answered {answer.status} and gave no file.", code="source_refused")
    left = _LARGEST
    with to.open("wb") as file:
        for chunk in answer.stream(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise BadInput(f"The file is larger than {_LARGEST >> 20} MiB.", code="too_many_bytes")
            file.write(chunk)


def _anchors(trust: Path | None) -> str:
    from schemas.errors import PermanentFailure

    if trust is not None:
        return trust.read_text()
    try:
        return _own_anchor().read_text()
    except PermanentFailure:
        return ""


def _own_anchor() -> Path:
    from infra.local import credentials, home
    from schemas.errors import PermanentFailure

    path = credentials.anchor_path(home.current_state_dir())
    if not path.exists():
        raise PermanentFailure(
            "The embedded stack has no certificate yet; `cleanplate up` makes one.", code="no_anchor"
        )
    return path
