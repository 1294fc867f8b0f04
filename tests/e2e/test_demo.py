"""The demo as `make demo` runs it, on a stack of its own."""

import json
from pathlib import Path

import pytest

from infra.demo.run import run
from infra.local import stack

pytestmark = [pytest.mark.stack, pytest.mark.weights]


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
    page = (tmp_path / "demo" / "report.html").read_text()
    assert page.count("<article") == len(records)
    assert [any(stack.status(folder).values()) for folder in stacks] == [False]
