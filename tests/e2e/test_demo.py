"""The demo as `make demo` runs it, on a stack of its own."""

import json
from pathlib import Path

import c2pa
import pytest

from infra.demo.run import run
from infra.demo.signed import summary
from infra.local import stack

pytestmark = [pytest.mark.stack, pytest.mark.weights]


def _trusted(path: Path, anchor: Path) -> bool:
    """Ask the Content Authenticity Initiative's own reader, told nothing but whom to trust."""
    context = c2pa.Context(c2pa.Settings.from_dict({"version": 1, "trust": {"trust_anchors": anchor.read_text()}}))
    with c2pa.Reader(path, context=context) as reader:
        return bool(reader.get_validation_state() == "Trusted")


def test_the_demo_leaves_results_a_report_and_nothing_running(tmp_path: Path, monkeypatch):
    stacks: list[Path] = []
    start = stack.up

    def noting(folder: Path | None, *arguments, **more):
        stacks.append(Path(str(folder)))
        return start(folder, *arguments, **more)

    monkeypatch.setattr(stack, "up", noting)
    records = run(tmp_path / "demo")

    outcomes = {record["file"]: record["outcome"] for record in records}
    assert json.loads((tmp_path / "demo" / "results.json").read_text()) == records
    assert set(outcomes.values()) == {"DELIVERED", "AWAITING_REVIEW"}
    assert (outcomes["rocket.png"], outcomes["garage.png"]) == ("DELIVERED", "AWAITING_REVIEW")
    delivered = {path.name for path in (tmp_path / "demo" / "delivered").iterdir()}
    assert delivered >= {"rocket.png", "rocket-x2.png"}
    assert "garage.png" not in delivered
    for path in (tmp_path / "demo" / "delivered").iterdir():
        assert _trusted(path, tmp_path / "demo" / "anchor.pem"), path.name
    assert f"{len(delivered)} intact" in summary(tmp_path / "demo")
    page = (tmp_path / "demo" / "report.html").read_text()
    assert page.count("<article") == len(records)
    assert [any(stack.status(folder).values()) for folder in stacks] == [False]
