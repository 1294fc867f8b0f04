"""Options that several commands share: which deployment they speak to."""

from typing import Annotated

import typer

Stack = Annotated[
    str | None, typer.Option("--stack", metavar="NAME", help="Stack on AWS; without it the one on this machine.")
]
Region = Annotated[str | None, typer.Option(help="AWS region of --stack.")]
Profile = Annotated[str | None, typer.Option(help="AWS profile for --stack.")]
