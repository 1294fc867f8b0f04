"""``python -m infra.calibration``: make edits with known truth, fit the confidence to them, and say how good it is."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml

from inference.assessment.calibration import FITTED, Calibration, fitted
from infra.bench.quality.kit import Kit
from infra.calibration.drawing import draw
from infra.calibration.edits import make, make_from_kit
from infra.calibration.fitting import FEATURES, calibrate
from infra.calibration.judging import Judged, across_photographs, as_arrays, judge
from infra.calibration.observing import Observation, write
from infra.calibration.processes import observe_folder, pool
from infra.calibration.report import put_into, signs, tables

app = typer.Typer(add_completion=False, no_args_is_help=True)
PAGE, PICTURE = Path("docs/judgement.md"), Path("docs/images/judgement.png")
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
_KIT_HOLES, _KIT_MARKS = 4, 2

Photographs = Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of photographs.")]
KitFolder = Annotated[
    Path | None, typer.Option("--kit", exists=True, file_okay=False, help="Kit of other photographs and tasks.")
]
Work = Annotated[Path, typer.Option(help="Where edits are kept; what lies there is not made again.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes.")]


@app.command()
def fit(
    photographs: Photographs,
    kit: KitFolder = None,
    work: Work = Path("build/calibration"),
    workers: Workers = 2,
    into: Annotated[Path, typer.Option(help="The file of fitted numbers.")] = FITTED,
) -> None:
    """Make edits of the photographs, fit the confidence to them, and write the numbers down.

    With a kit, a feature whose weight has another sign there than here is named: drop it from FEATURES.
    """
    found = _observed(photographs, work / "fit", workers)
    names = {each.photo for each in found}
    version = fitted().version + 1 if fitted().edits else 1
    calibration = calibrate(found, len(names), version, datetime.now(UTC).date())
    into.write_text(_as_text(calibration))
    typer.echo(f"{into}: version {version}, {calibration.edits} edits of {len(names)} photographs")
    if kit is not None:
        others = [each for each in _all_of_kit(kit, work, workers) if not each.measured]
        check = calibrate(others, 0, 1, datetime.now(UTC).date()).families.get("filled")
        flipped = signs(calibration.families["filled"].weights, check.weights) if check else []
        typer.echo(f"signs that differ on the kit: {', '.join(flipped) or 'none'}")


@app.command()
def report(
    kit: KitFolder = None,
    photographs: Annotated[Path | None, typer.Option(help="The photographs that it was fitted to.")] = None,
    work: Work = Path("build/calibration"),
    workers: Workers = 2,
    page: Annotated[Path, typer.Option(help="Page with a place for the figures.")] = PAGE,
    picture: Annotated[Path, typer.Option(help="Where the diagrams go.")] = PICTURE,
) -> None:
    """Say how well the fitted confidence ranks errors: on the kit, and on its own photographs by turns left out."""
    sets: dict[str, list[Judged]] = {}
    if photographs is not None:
        sets["its own photographs, each left out in turn"] = across_photographs(
            _observed(photographs, work / "fit", workers)
        )
    if kit is not None:
        sets["other photographs"] = judge(_observed_photos_of(kit, work, workers), fitted())
        sets["other photographs, masks and marks"] = judge(_observed_tasks_of(kit, work, workers), fitted())
    if not sets:
        raise typer.BadParameter("name a kit, or the photographs, or both.", param_hint="--kit")
    numbers = fitted()
    told_by = "; ".join(f"{name}: {', '.join(features)}" for name, features in FEATURES.items())
    heading = (
        f"Version {numbers.version} of {numbers.fitted_on}: {numbers.edits} repairs of {numbers.photographs} "
        f"photographs; told by {told_by}."
    )
    put_into(page, tables(sets, heading))
    picture.parent.mkdir(parents=True, exist_ok=True)
    draw({name: as_arrays(judged) for name, judged in sets.items()}).save(picture, optimize=True)
    typer.echo(f"{page} and {picture} tell the figures of version {numbers.version}")


def _all_of_kit(kit: Path, work: Path, workers: int) -> list[Observation]:
    return _observed_photos_of(kit, work, workers) + _observed_tasks_of(kit, work, workers)


def _observed_photos_of(kit: Path, work: Path, workers: int) -> list[Observation]:
    return _observed(kit / "photos" / "open", work / "kit-photographs", workers, holes=_KIT_HOLES, marks=_KIT_MARKS)


def _observed_tasks_of(kit: Path, work: Path, workers: int) -> list[Observation]:
    folder = work / "kit-tasks"
    with tempfile.TemporaryDirectory(prefix="cleanplate-kit-") as copy:
        make_from_kit(Kit.copied(kit, Path(copy)), folder)
    return _observations(folder, workers)


def _observed(photographs: Path, folder: Path, workers: int, *, holes: int = 6, marks: int = 3) -> list[Observation]:
    files = sorted(path for path in photographs.iterdir() if path.suffix.lower() in _PICTURES)
    with pool(workers) as running:
        waiting = [running.submit(make, file, folder, holes=holes, marks=marks) for file in files]
        for file, done in zip(files, waiting, strict=True):
            done.result()
            typer.echo(f"repaired {file.name}")
    return _observations(folder, workers)


def _observations(folder: Path, workers: int) -> list[Observation]:
    found = observe_folder(folder, workers)
    write(found, folder.with_suffix(".jsonl"))
    return found


def _as_text(calibration: Calibration) -> str:
    head = "# What a confidence is made of. `make calibrate` writes this file; docs/judgement.md says how good it is.\n"
    return head + yaml.safe_dump(calibration.model_dump(mode="json"), sort_keys=False, width=120)


if __name__ == "__main__":
    app()
