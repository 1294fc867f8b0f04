"""``cleanplate up`` and ``cleanplate down``: the embedded stack."""

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.local.info import StackInfo

State = Annotated[Path | None, typer.Option(file_okay=False, help="Folder for the stack's state; kept between runs.")]

Private = Annotated[
    bool,
    typer.Option("--allow-private-addresses", help="Let source URLs and webhooks name this machine and its network."),
]


def up(state: State = None, allow_private_addresses: Private = False) -> None:
    """Start the embedded stack and leave it running."""
    from infra.local import stack

    began = time.monotonic()
    private = "allow" if allow_private_addresses else "refuse"
    info = stack.up(state, stack.Options(parameters={"PrivateAddresses": private}))
    typer.echo(f"Ready after {time.monotonic() - began:.1f} s.")
    typer.echo(_how_to_use(info))


def down(state: State = None) -> None:
    """Stop the embedded stack. Its state is kept and comes back with `up`."""
    from infra.local import stack
    from schemas.errors import PermanentFailure

    try:
        ran = stack.down(state)
    except PermanentFailure as error:
        if error.code != "no_stack":
            raise
        ran = False
    typer.echo("Stopped." if ran else "No stack was running.")


def _how_to_use(info: "StackInfo") -> str:
    from infra.local.credentials import anchor_path
    from infra.local.environment import for_clients, for_examples

    inbox = info.outputs["InboxBucket"]
    anchor = anchor_path(info.state_dir)
    shown = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
    settings = " ".join(f"{name}={value}" for name, value in for_clients(info).items() if name in shown)
    names = " ".join(f"{name}={shlex.quote(value)}" for name, value in for_examples(info).items())
    return f"""
  AWS endpoint   {info.endpoint_url}
  HTTP API       {info.api_url}
  review page    {info.api_url}/review/
  inbox bucket   {inbox}
  state          {info.state_dir}
  certificates   {anchor}

With the AWS command line, and for the examples of docs/doors.md:
  export {settings}
  export {names}
  aws s3 cp photo.jpg s3://{inbox}/remove-watermark/photo.jpg --metadata rights=owned
"""
