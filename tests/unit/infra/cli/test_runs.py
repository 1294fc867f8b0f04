"""``cleanplate run``, ``cancel``, ``preview`` and ``costs``: what makes no sense is said before anything is asked."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.client.costs import CostBook
from infra.client.previews import Previews
from infra.client.runs import Runs
from tests import documents
from tests.unit.infra.cli.test_commands import run

ASSET = documents.run().asset_id
RUN = documents.run().run_id
PREVIEW = {
    "asset_id": ASSET,
    "run_id": RUN,
    "state": "done",
    "want": "mask",
    "reason": "It was only looked at; nothing was changed.",
    "mask": "https://mask",
    "masked_by": "overlays",
    "areas": [{"box": {"x": 1, "y": 2, "width": 3, "height": 4}, "share": 0.0123}],
    "share": 0.0123,
}


def _run(status: str, **outcome: Any) -> dict[str, Any]:
    record = {
        "run": documents.run().model_dump(mode="json"),
        "recipe_sha256": documents.SHA,
        "started_at": "2026-11-30T10:00:00Z",
        "run_id": RUN,
        "asset_id": ASSET,
        "status": status,
    }
    return record | ({"outcome": {"status": status, **outcome}} if outcome else {})


class Api:
    """Answers as the API does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Answer a question."""
        self.asked.append(("GET", path, query))
        if path == "/costs":
            total = {"name": "total", "runs": 3, "seconds": 1.25, "dollars": 0.5, "unpriced": 0}
            days = {"from": "2026-11-01", "to": "2026-11-30", "by": "day", "currency": "USD"}
            return {**days, "sums": [total | {"name": "2026-11-30"}], "total": total}
        return PREVIEW

    def post(self, path: str, document: dict[str, Any], *, once: bool = False) -> dict[str, Any]:
        """Take a document."""
        assert once
        self.asked.append(("POST", path, document))
        return PREVIEW if path == "/previews" else _run("QUEUED")

    def delete(self, path: str) -> dict[str, Any]:
        """Take something away."""
        self.asked.append(("DELETE", path, None))
        return _run("CANCELLED", code="cancelled", reason="Cancelled by ada.")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """A deployment with one picture that a run works on."""
    made = Api()
    saved = lambda _url, path, **_more: path.write_bytes(b"mask")  # noqa: E731
    client = SimpleNamespace(
        runs=Runs(made),
        previews=Previews(made),
        costs=CostBook(made),
        asset=lambda _: SimpleNamespace(run_id=RUN),
        asset_at=lambda key: ASSET if key == "trip/photo.jpg" else pytest.fail(key),
        download=saved,
    )
    monkeypatch.setattr("infra.cli.target.connect", lambda *_args, **_more: client)
    return made


def test_a_picture_is_ordered_again_by_id_or_key(api: Api) -> None:
    for name in (ASSET, "trip/photo.jpg"):
        code, output = run("run", name, "--recipe", "enhance", "--scale", 4, "--entry", "upscale", "--no-cache")
        assert (code, RUN in output) == (0, True)
    wanted = {"recipe": "enhance", "scale": 4, "cache": False, "entry": "upscale"}
    assert api.asked == [("POST", f"/assets/{ASSET}/runs", wanted)] * 2


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--entry", "lunch"], "possible: inspect"), (["--scale", 3], "--scale"), (["--box", "1,2"], "--box")],
)
def test_an_order_that_makes_no_sense_is_not_sent(api: Api, options: list[Any], words: str) -> None:
    code, output = run("run", ASSET, *options)
    assert (code, words in output, api.asked) == (2, True, [])


@pytest.mark.parametrize("subject", [RUN, ASSET, "trip/photo.jpg"])
def test_a_run_is_cancelled_by_its_own_name_or_its_pictures(api: Api, subject: str) -> None:
    code, output = run("cancel", subject)
    assert (code, "CANCELLED  Cancelled by ada." in output) == (0, True)
    assert api.asked == [("DELETE", f"/runs/{RUN}", None)]


def test_a_preview_says_where_and_how_much_and_saves_the_mask(api: Api, tmp_path: Path) -> None:
    code, output = run("preview", ASSET, "--mask", "--out", tmp_path / "mask.png")
    assert code == 0
    assert "1.2% of the picture would be replaced, by overlays" in output
    assert "1,2,3,4" in output
    assert (tmp_path / "mask.png").read_bytes() == b"mask"
    assert api.asked[0] == ("POST", "/previews", {"asset_id": ASSET, "want": "mask"})


@pytest.mark.parametrize("options", [[], ["--mask", "--prompt", "a tree"]])
def test_a_preview_is_of_one_thing(api: Api, options: list[str]) -> None:
    code, output = run("preview", ASSET, *options)
    assert (code, "--mask" in output, api.asked) == (2, True, [])


def test_costs_are_a_table_with_its_total(api: Api) -> None:
    code, output = run("costs", "--from", "2026-11-01", "--by", "day")
    assert (code, output.splitlines()[-1].split("\t")[:4]) == (0, ["total", "3", "1.2", "0.5000"])
    assert api.asked == [("GET", "/costs", {"by": "day", "from": "2026-11-01"})]
