"""``cleanplate preview``: see what would be removed, or what words look like, before anything dear is done."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.runs import BOX, POINT, RECIPE, asset_of

if TYPE_CHECKING:
    from infra.client import Client, Job
    from schemas.http.previews import PreviewShown

_LARGEST = 256 * 1024 * 1024


def preview(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    picture: Annotated[
        str, typer.Argument(metavar="FILE|ASSET", help="A file, or a picture that is there: id or key.")
    ],
    mask: Annotated[bool, typer.Option("--mask", help="What would be removed?")] = False,
    prompt: Annotated[str | None, typer.Option(help="What would these words look like?")] = None,
    recipe: Annotated[str | None, typer.Option(help=RECIPE)] = None,
    box: Annotated[str | None, typer.Option(help=BOX)] = None,
    point: Annotated[str | None, typer.Option(help=POINT)] = None,
    rights: Annotated[str | None, typer.Option(help="What you state: `owned` or `licensed`.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Save the mask, or the small picture, here.")] = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Show what would be removed (--mask), or what words look like (--prompt). The picture is left as it stands."""
    from infra.cli.asked import job
    from infra.cli.target import connect

    if mask == (prompt is not None):
        raise typer.BadParameter("say what to look at: `--mask`, or `--prompt` with words.", param_hint="--mask")
    wanted = job(recipe=recipe, box=box, point=point, rights=rights, prompt=prompt)
    file = Path(picture)
    client = connect(stack, region, profile, start=file.is_file())
    asset_id = _brought(client, file, wanted) if file.is_file() else asset_of(client, picture)
    shown = client.previews.wait(client.previews.start(asset_id, "mask" if mask else "prompt", wanted))
    _tell(asset_id, shown)
    link = shown.mask if mask else shown.picture
    if out is not None and link is not None:
        client.download(link, out, max_bytes=_LARGEST)
        typer.echo(f"saved {out}")
    if shown.state == "stopped":
        raise typer.Exit(1)


def _brought(client: "Client", file: Path, wanted: "Job") -> str:
    """Bring a file, which then waits for an order."""
    from schemas.job import Job

    stated = {name: value for name, value in wanted.stated.items() if name in ("recipe", "rights")}
    asset_id = client.upload(f"previews/{file.name}", file, Job.model_validate({**stated, "hold": True}))
    client.wait([asset_id])
    return asset_id


def _tell(asset_id: str, shown: "PreviewShown") -> None:
    from infra.cli.console import printable

    typer.echo(printable(f"{asset_id}  {shown.state}  {shown.reason or ''}"))
    if shown.share is not None:
        typer.echo(f"{shown.share:.1%} of the picture would be replaced, by {shown.masked_by}:")
    for area in shown.areas:
        typer.echo(f"  {area.box.text:<24} {area.share:.2%}")
    if shown.agreement is not None:
        typer.echo(f"the small picture agrees with its words by {shown.agreement:.2f}")
