"""``cleanplate edit``: take files through the chain."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from infra.cli import asked
from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.cli.journal import Journal
    from infra.cli.plan import Picture
    from infra.cli.progress import Progress
    from infra.cli.results import Save
    from infra.cli.tally import Tally
    from infra.report.record import Record
    from schemas.job import Job

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True, help="Pictures, or folders of them.")]
Mask = Annotated[Path | None, typer.Option(exists=True, help="Mask for all, or a folder of masks by name.")]
Statement = Annotated[
    str | None, typer.Option("--rights", metavar="owned|licensed", help="State that you own it, or may edit it.")
]
TierName = Annotated[
    str | None, typer.Option("--tier", metavar="preview|web|print", help="Quick look, screen, or enlarged for paper.")
]
Scale = Annotated[int | None, typer.Option(help="Enlarge by 2 or 4; 1 for not at all.")]
JsonFile = Annotated[str | None, typer.Option("--json", metavar="FILE", help="Write one record a file; - is stdout.")]
Unreviewed = Annotated[bool, typer.Option("--include-unreviewed", help="Save also what waits for a person.")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Of whatever is made up.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do every step anew, also where its answer is known.")]
TryFirst = Annotated[
    int, typer.Option("--try", min=0, metavar="N", help="Do N first, show what came of them, and ask.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask after --try.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the batch that was begun with this --out.")]
ReportFolder = Annotated[
    Path | None, typer.Option("--report", file_okay=False, help="Folder for a summary: index.html and batch.csv.")
]
AtOnce = Annotated[int, typer.Option(min=1, max=64, help="Pictures under way at the same time.")]
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""
THIS_MACHINE = "the stack on this machine"


def edit(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    paths: Paths,
    recipe: Annotated[str | None, typer.Option(help="See `cleanplate recipes`.")] = None,
    mask: Mask = None,
    box: Annotated[str | None, typer.Option(metavar="X,Y,W,H", help="Rectangle around what is to go.")] = None,
    point: Annotated[str | None, typer.Option(metavar="X,Y", help="A pixel of what is to go.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What a generated picture shows.")] = None,
    negative_prompt: Annotated[str | None, typer.Option(help="What it does not show.")] = None,
    seed: Seed = None,
    scale: Scale = None,
    rights: Statement = None,
    tier: TierName = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="Folder for the results.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", dir_okay=False, help="File for one result.")] = None,
    json_file: JsonFile = None,
    include_unreviewed: Unreviewed = False,
    no_cache: NoCache = False,
    try_first: TryFirst = 0,
    yes: Yes = False,
    resume: Resume = False,
    report: ReportFolder = None,
    at_once: AtOnce = 4,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for each picture.")] = 1800,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Repair pictures: find or take the mask, fill, refine, enlarge, deliver.

    A mask is white where something is to go. `photo.mask.png` beside a photo is its mask. A sketch becomes a scene:
    `edit sketch.png --recipe sketch-to-scene --prompt "a lighthouse at dusk"`.

    A folder with --out keeps a journal there: after a crash, the same command with --resume does the rest.

    Exit codes: 0 all delivered, 3 some await review, 4 some quarantined or rejected, 1 failure.
    """
    from infra.cli.photos import find_photos
    from infra.cli.plan import plan
    from infra.cli.target import connect
    from schemas.given import Rights
    from schemas.recipe import Tier

    job = asked.job(
        recipe=recipe,
        scale=asked.checked_scale(scale),
        box=asked.checked_box(box, mask),
        point=asked.checked_point(point, box, mask),
        format=asked.delivery_format(output),
        rights=asked.checked_word(rights, get_args(Rights), "--rights"),
        tier=asked.checked_word(tier, get_args(Tier), "--tier"),
        prompt=prompt,
        negative_prompt=negative_prompt,
        seed=seed,
        cache=False if no_cache else None,
    )
    pictures = plan(find_photos(paths, skip=out), mask, look_for_masks=box is None and point is None)
    save = _destination(pictures, out, output, include_unreviewed)
    client = connect(stack, region, profile, start=True)
    if recipe:
        asked.check_words(asked.checked_recipe(recipe, client), prompt)
    journal = _journal(out, pictures, job, stack or THIS_MACHINE, resume)

    from infra.cli.batch import Batch, Interrupted, exit_code
    from infra.cli.course import Course
    from infra.cli.resuming import check_known

    try:
        check_known(journal, client)
        batch = Batch(client, job, save, journal, timeout=timeout, at_once=at_once)
        course = Course(batch, lambda tally: _progress(tally, json_file), try_first=try_first, yes=yes)
        records = course.take(journal.pictures)
        code = exit_code(records)
    except Interrupted as interrupted:
        records, code = interrupted.records, INTERRUPTED
        typer.echo("Interrupted. What was uploaded goes on: see `cleanplate status`.", err=True)
    finally:
        client.close()
    _write(records, json_file)
    if report:
        _write_report(records, report)
    raise typer.Exit(code)


def _journal(out: Path | None, pictures: "Sequence[Picture]", job: "Job", deployment: str, resume: bool) -> "Journal":
    from infra.cli import resuming

    open_journal = resuming.resume if resume else resuming.begin
    return open_journal(out, pictures, job.stated, deployment)


def _destination(
    pictures: "Sequence[Picture]", out: Path | None, output: Path | None, include_unreviewed: bool
) -> "Save":
    from infra.cli import results
    from infra.cli.plan import keep_originals

    if out and output:
        raise typer.BadParameter("give --out or --output, not both.", param_hint="--output")
    if out:
        keep_originals(pictures, out)
        return results.into_folder(out, include_unreviewed=include_unreviewed)
    if output is None:
        return results.nowhere
    if len(pictures) != 1:
        raise typer.BadParameter(f"takes one picture, not {len(pictures)}; use --out.", param_hint="--output")
    if output.suffix.lower() not in results.SINGLE_FILE_ENDINGS:
        raise typer.BadParameter("must end in .png, .jpg or .jpeg.", param_hint="--output")
    if output.resolve() == pictures[0].file.resolve():
        raise typer.BadParameter("would overwrite the original.", param_hint="--output")
    return results.into_file(output, include_unreviewed=include_unreviewed)


def _progress(tally: "Tally", json_file: str | None) -> "Progress":
    from infra.cli.progress import LiveProgress, PlainProgress

    if json_file == "-":
        return PlainProgress(tally, sys.stderr)
    return LiveProgress(tally) if sys.stdout.isatty() else PlainProgress(tally)


def _write(records: "list[Record]", json_file: str | None) -> None:
    from infra.report.record import write_records

    if json_file == "-":
        typer.echo(json.dumps(records, indent=1))
    elif json_file:
        write_records(records, Path(json_file))


def _write_report(records: "list[Record]", folder: Path) -> None:
    from infra.report.summary import write_summary

    page = write_summary(records, folder, originals={record["file"]: Path(record["file"]) for record in records})
    typer.echo(f"Report: {page}", err=True)
