"""``cleanplate provenance`` tells a run for people and for programs, and asks for nothing that makes no sense."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from infra.client.provenance import Provenance
from schemas.asset import Status
from schemas.found_by import FoundRun, ModelPart
from schemas.provenance import RunProvenance, TracedStage
from schemas.records import Outcome, Rendition
from schemas.stage import Stage, WeightUse
from tests import documents
from tests.unit.infra.cli.test_commands import run

ORDER = documents.run()
AT = datetime(2026, 11, 30, 10, tzinfo=UTC)
MODEL = documents.result(Stage.INPAINT).model.model_copy(
    update={"weights": [WeightUse(file="net.onnx", sha256=documents.SHA)]}
)
FILE = Rendition(
    name="native",
    key="assets/a/b/photo.jpg",
    media_type="image/jpeg",
    width=640,
    height=480,
    size_bytes=1,
    sha256=documents.SHA,
)
STAGES = [
    TracedStage(
        asset_id=ORDER.asset_id,
        run_id=ORDER.run_id,
        stage=Stage.INPAINT,
        trial=2,
        started_at=AT,
        ended_at=AT,
        model=MODEL,
        model_seconds=1.25,
        part="made",
        wall_seconds=2,
        lacks=["cost"],
    ),
    TracedStage(
        asset_id=ORDER.asset_id,
        run_id=ORDER.run_id,
        stage=Stage.ROUTE,
        started_at=AT,
        ended_at=AT,
        part="decided",
        wall_seconds=0.1,
        decision="auto",
        rule="confidence-reached",
        note="Confidence 0.90.",
    ),
]
TRACE = RunProvenance(
    asset_id=ORDER.asset_id,
    run_id=ORDER.run_id,
    order=ORDER,
    recipe_sha256=documents.SHA,
    started_at=AT,
    outcome=Outcome(status=Status.DELIVERED, reason="Confidence 0.90.", code="delivered", renditions=[FILE]),
    current=True,
    source=documents.PHOTO,
    mask=documents.MASK,
    edited_share=0.0123,
    stages=STAGES,
    deeds=[],
    verdicts=[],
)
FOUND = FoundRun(
    asset_id=ORDER.asset_id,
    run_id=ORDER.run_id,
    key="trip/photo.jpg",
    recipe="edit@1",
    recipe_sha256=documents.SHA,
    at=AT,
    status=Status.DELIVERED,
    current=False,
    delivered=[FILE.key],
    model=ModelPart(name="lama", version="1", stages=[Stage.INPAINT], part="made"),
)


class Api:
    """Answers as the API does, in two pages, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Answer a question."""
        self.asked.append((path, {name: value for name, value in query.items() if value is not None}))
        if path != "/provenance":
            return TRACE.model_dump(mode="json", exclude_none=True) | {"a_new_field": 1}
        page = FOUND.model_dump(mode="json", exclude_none=True) | {"a_new_field": 1}
        return {"runs": [page], "cursor": None if query.get("cursor") else "next"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """A deployment with one run."""
    made = Api()
    client = SimpleNamespace(
        provenance=Provenance(made),  # type: ignore[arg-type]
        asset=lambda _: SimpleNamespace(run_id=ORDER.run_id),
        asset_at=lambda _: ORDER.asset_id,
    )
    monkeypatch.setattr("infra.cli.target.connect", lambda *_args, **_more: client)
    return made


@pytest.mark.parametrize("subject", [ORDER.run_id, ORDER.asset_id, "trip/photo.jpg"])
def test_a_run_is_told_with_its_models_its_decisions_and_its_files(api: Api, subject: str) -> None:
    code, output = run("provenance", subject)
    assert code == 0, output
    assert f"{ORDER.run_id}  DELIVERED  edit@1" in output
    assert "edited   1.23% of the picture" in output
    assert "inpaint 2\tmade\t1.25\tinpaint-model@1\tabababababab\tcpu" in output
    assert "auto confidence-reached\tConfidence 0.90." in output
    assert FILE.key in output
    assert "did not write down: cost." in output
    assert api.asked == [(f"/runs/{ORDER.run_id}/provenance", {})]


def test_a_run_is_told_to_programs_as_the_document_that_it_is(api: Api) -> None:
    code, output = run("provenance", ORDER.run_id, "--json")
    assert (code, RunProvenance.model_validate_json(output)) == (0, TRACE)


def test_runs_are_found_over_all_pages(api: Api) -> None:
    code, output = run(
        "provenance", "--model", "lama@1", "--part", "made", "--status", "delivered", "--from", "2026-11-01"
    )
    (head, *rows) = output.splitlines()
    assert (code, head.split("\t")[0], len(rows)) == (0, "run", 2)
    assert rows[0].split("\t")[2:] == ["DELIVERED (replaced)", "edit@1", "lama@1 made", FILE.key]
    asked = {"model": "lama@1", "part": "made", "status": Status.DELIVERED, "from": "2026-11-01"}
    assert api.asked == [("/provenance", asked), ("/provenance", asked | {"cursor": "next"})]


def test_no_more_is_read_than_is_shown(api: Api) -> None:
    code, output = run("provenance", "--json", "--most", 1)
    assert (code, [each["run_id"] for each in json.loads(output)], len(api.asked)) == (0, [ORDER.run_id], 1)


def test_a_status_that_there_is_not_is_not_asked_for(api: Api) -> None:
    code, output = run("provenance", "--status", "gone")
    assert (code, "DELIVERED" in output, api.asked) == (2, True, [])
