"""``cleanplate diff``: two runs side by side, of one picture or of two."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.runs import run_of

if TYPE_CHECKING:
    from infra.client import Client
    from infra.report.difference import PicturePair
    from infra.report.facts import Section
    from schemas.http.replays import RunStages

_PICTURES = {
    "original": "Original",
    "mask.mask": "Mask",
    "preview.image": "Preview of the words",
    "generate.image": "Scene",
    "refine.image": "Repaired, at native size",
    "upscale.image": "Enlarged",
}
_LARGEST = 1 << 30
Run = Annotated[str, typer.Argument(help="Run id; or asset id or key, for the run that counts of it.")]


def diff(
    one: Run,
    other: Run,
    everything: Annotated[bool, typer.Option("--all", help="What is the same as well, and seconds.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with the pictures, and where they differ.")] = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Show what is otherwise between two runs: parameters, models, versions, signals, decisions, pictures.

    Ends with 0 if all that is on record of both is the same, else with 1.
    """
    from infra.cli.target import connect
    from infra.report.facts import sections

    client = connect(stack, region, profile)
    both = [client.replays.stages(run_of(client, name)) for name in (one, other)]
    found = sections(*both, everything=everything)
    for number, run in enumerate(both, 1):
        typer.echo(f"{number}  {run.run_id}  {run.recipe}  {run.outcome.status.value if run.outcome else 'under way'}")
    _tell(found)
    if html is not None:
        _write_page(client, both, found, html)
        typer.echo(f"\n{html}   with the pictures")
    if not all(section.same for section in found):
        raise typer.Exit(1)


def _tell(found: "list[Section]") -> None:
    from infra.cli.tables import print_table

    rows = []
    for section in found:
        rows += [(section.name, section.missing, "", "")] if section.missing else []
        rows += [(section.name, row.what, row.one or "", row.other or "") for row in section.rows]
    typer.echo()
    if rows:
        print_table(("stage", "fact", "first run", "second run"), rows)
    if same := [section.name for section in found if section.same]:
        typer.echo(f"The same in both: {', '.join(same)}.")


def _write_page(client: "Client", both: "list[RunStages]", found: "list[Section]", path: Path) -> None:
    from infra.report.diff import write_diff

    with tempfile.TemporaryDirectory() as folder:
        pictures = _pictures(client, both, Path(folder))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_diff(both[0], both[1], found, pictures, path)


def _pictures(client: "Client", both: "list[RunStages]", folder: Path) -> "list[PicturePair]":
    """Download each picture that either run has, one pair at a time."""
    from infra.report.difference import picture_pair

    made: list[PicturePair] = []
    for name, title in _PICTURES.items():
        links = [run.links.get(name) for run in both]
        if not any(links):
            continue
        files = [_saved(client, link, folder / f"{number}-{name}") for number, link in enumerate(links)]
        made.append(picture_pair(title, files[0], files[1]))
        for file in files:
            if file is not None:
                file.unlink()
    return made


def _saved(client: "Client", link: str | None, path: Path) -> Path | None:
    if link is None:
        return None
    target = path.with_name(path.name + PurePosixPath(urlsplit(link).path).suffix[:8])
    client.download(link, target, max_bytes=_LARGEST)
    return target
