"""Batches that go on: nothing is done twice, whatever the moment at which the first call ended."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.cli import resuming
from infra.cli.batch import Batch
from infra.cli.course import Course
from infra.cli.journal import Journal
from infra.cli.plan import Picture
from infra.cli.progress import PlainProgress
from infra.client import ApiError, AssetView, Job
from infra.report.record import Record, failure_record
from schemas.errors import BadInput
from tests.unit.infra.report.conftest import document

NAMES = ("1.png", "2.png", "3.png")


class Died(BaseException):
    """What a crash looks like from inside."""


class Deployment:
    """Counts uploads; ``dies`` says at which call the process ends, and whether the upload got there."""

    def __init__(self) -> None:
        self.uploaded: list[str] = []
        self.masks: list[str] = []
        self.fetched: list[str] = []
        self.there: dict[str, str] = {}
        self.dies = ""

    def upload_mask(self, path: str, file: Path, **_: Any) -> None:
        self.masks.append(path)

    def upload(self, path: str, file: Path, job: Job, *, before: Any) -> str:
        before(f"recipe/{path}")
        if self.dies == "before":
            raise Died
        self.uploaded.append(file.name)
        self.there[f"recipe/{path}"] = f"a-{file.name}"
        if self.dies == "after":
            raise Died
        return f"a-{file.name}"

    def await_asset_at(self, key: str, *, timeout: float) -> str:
        if key not in self.there:
            raise ApiError("Nothing is known under this key.", code="unknown_asset", status=404)
        return self.there[key]

    def wait(self, names: list[str], on_change: Any, **_: Any) -> dict[str, AssetView]:
        if self.dies == "waiting":
            raise Died
        return {name: AssetView.model_validate(document(asset_id=name)) for name in names}

    def save(self, _: Any, picture: Picture, asset: AssetView) -> Path:
        if self.dies == "saving":
            raise Died
        self.fetched.append(picture.file.name)
        target = picture.file.parent / "out" / picture.file.name
        target.touch()
        return target


@pytest.fixture
def pictures(tmp_path: Path) -> list[Picture]:
    for name in NAMES:
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "out").mkdir()
    return [Picture(tmp_path / name, f"edit-1/{name}", None, name) for name in NAMES]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def take(deployment: Any, journal: Journal, **more: Any) -> list[Record]:
    batch = Batch(deployment, Job(), deployment.save, journal, timeout=9, at_once=1)
    silent = SimpleNamespace(write=str, flush=int)
    course = Course(batch, lambda tally: PlainProgress(tally, silent), **{"try_first": 0, "yes": False, **more})
    return course.take(journal.pictures)


@pytest.mark.parametrize("moment", ["before", "after", "waiting", "saving"])
def test_whatever_the_moment_of_a_crash_every_picture_is_uploaded_and_fetched_once(
    pictures: list[Picture], out: Path, moment: str
) -> None:
    deployment, journal = Deployment(), resuming.begin(out, pictures, {}, "here")
    take(deployment, Journal(journal.path, pictures=pictures[:1], _known=journal._known))
    deployment.dies = moment
    with pytest.raises(Died):
        take(deployment, resuming.resume(out, pictures, {}, "here"))
    deployment.dies = ""
    records = take(deployment, resuming.resume(out, pictures, {}, "here"))
    assert [record["outcome"] for record in records] == ["DELIVERED"] * 3
    assert [record["file"] for record in records] == [str(picture.file) for picture in pictures]
    assert sorted(deployment.uploaded) == sorted(deployment.fetched) == list(NAMES)


def test_a_result_that_was_deleted_is_fetched_again_and_nothing_is_uploaded(pictures: list[Picture], out: Path) -> None:
    deployment = Deployment()
    take(deployment, resuming.begin(out, pictures, {}, "here"))
    (out / "2.png").unlink()
    take(deployment, resuming.resume(out, pictures, {}, "here"))
    assert deployment.fetched == [*NAMES, "2.png"]
    assert deployment.uploaded == list(NAMES)


def test_a_batch_that_was_interrupted_is_not_begun_anew_by_accident(pictures: list[Picture], out: Path) -> None:
    resuming.begin(out, pictures, {}, "here")
    with pytest.raises(BadInput, match=r"3 pictures to do\. Add --resume"):
        resuming.begin(out, pictures, {}, "here")


def test_a_finished_batch_makes_room_for_the_next(pictures: list[Picture], out: Path) -> None:
    deployment = Deployment()
    take(deployment, resuming.begin(out, pictures, {}, "here"))
    take(deployment, resuming.begin(out, pictures, {}, "here"))
    assert deployment.uploaded == [*NAMES, *NAMES]


def test_a_batch_goes_on_as_it_began(pictures: list[Picture], out: Path, tmp_path: Path, capsys: Any) -> None:
    resuming.begin(out, pictures[:2], {"scale": 2, "recipe": "enhance"}, "here")
    with pytest.raises(BadInput, match="begun with here"):
        resuming.resume(out, pictures, {"scale": 2, "recipe": "enhance"}, "there")
    with pytest.raises(BadInput, match="another prompt, recipe;"):
        resuming.resume(out, pictures, {"scale": 2, "recipe": "enlarge", "prompt": "x"}, "here")
    with pytest.raises(BadInput, match="of other pictures"):
        resuming.resume(out, pictures[2:], {"scale": 2, "recipe": "enhance"}, "here")
    with pytest.raises(BadInput, match="no batch to resume"):
        resuming.resume(tmp_path, pictures, {}, "here")
    with pytest.raises(BadInput, match="--out"):
        resuming.resume(None, pictures, {}, "here")
    assert resuming.resume(out, pictures, {"scale": 2, "recipe": "enhance"}, "here").pictures == tuple(pictures[:2])
    assert "1 pictures came after" in capsys.readouterr().err


def test_names_in_the_inbox_stay_what_they_were_when_it_began(pictures: list[Picture], out: Path) -> None:
    resuming.begin(out, pictures, {}, "here")
    planned_now = [Picture(picture.file, f"edit-2/{picture.file.name}", None, "x") for picture in pictures]
    assert resuming.resume(out, planned_now, {}, "here").pictures == tuple(pictures)


def test_a_deployment_that_knows_nothing_of_the_batch_is_not_waited_for(pictures: list[Picture], out: Path) -> None:
    journal = resuming.begin(out, pictures, {}, "here")
    take(Deployment(), journal)
    client: Any = SimpleNamespace(asset=lambda _: None)
    with pytest.raises(BadInput, match="knows none"):
        resuming.check_known(journal, client)
    resuming.check_known(journal, SimpleNamespace(asset=lambda name: name == "a-3.png" or None))  # type: ignore[arg-type]
    resuming.check_known(Journal(), client)


def test_one_is_tried_and_the_rest_waits_for_a_yes(
    pictures: list[Picture], out: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    deployment, asked = Deployment(), []
    monkeypatch.setattr("infra.cli.trying.agreed", asked.append)
    records = take(deployment, resuming.begin(out, pictures, {}, "here"), try_first=1)
    assert (deployment.uploaded, asked, len(records)) == (["1.png"], [2], 1)
    said = capsys.readouterr().err
    assert str(out / "1.png") in said
    assert "confidence 0.83" in said
    assert "2 pictures are left" in said
    monkeypatch.setattr("infra.cli.trying.agreed", lambda _: True)
    records = take(deployment, resuming.resume(out, pictures, {}, "here"), try_first=1)
    assert (deployment.uploaded, len(records)) == (list(NAMES), 3)


def test_yes_goes_on_without_asking(pictures: list[Picture], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.cli.trying.agreed", lambda _: pytest.fail("asked"))
    assert len(take(Deployment(), resuming.begin(out, pictures, {}, "here"), try_first=1, yes=True)) == 3


@pytest.mark.parametrize(
    ("typed", "goes_on"),
    [("y\n", True), ("Yes\n", True), ("n\n", False), ("\n", False), ("", False), ("sure\n", False)],
)
def test_only_a_yes_is_one_and_the_question_is_no_result(
    typed: str, goes_on: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from infra.cli.trying import agreed

    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert agreed(7) is goes_on
    shown = capsys.readouterr()
    assert (shown.out, shown.err.splitlines()[0]) == ("", "Go on with the other 7? [y/N] ")


def test_the_rest_is_priced_by_what_the_first_took() -> None:
    from infra.cli.trying import told

    cheap = {**failure_record("a", "DELIVERED", "", ""), "cost": 0.02, "seconds": 3.0}
    dear = {**cheap, "cost": 0.04}
    assert told([cheap, dear], 100)[-1] == "The other 100 at this price: about $3.00. One took 3.0 s."
    assert "not known" in told([{**cheap, "cost": None}], 100)[-1]
