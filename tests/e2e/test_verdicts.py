"""A run waits for a person; the person's verdict is kept and appears in the report."""

import json

import pytest

from infra.local.info import StackInfo
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.test_cli_edit import run


def test_a_verdict_given_on_the_command_line_appears_in_the_report(
    deployment: Deployment, local_stack: StackInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.stack.attach", lambda *_: local_stack)
    dirty = pictures.lettered(pictures.coffee(200, 160))
    key = deployment.key("remove-watermark", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo), rights=None))
    assert asset.status is Status.AWAITING_REVIEW, asset.outcome

    code, output = run("review", "reject", asset.asset_id, "--reason", "other")
    assert (code, "Rejected by" in output) == (0, True), output
    code, output = run("review", "approve", asset.asset_id)
    assert (code, "before: reject" in output) == (1, True), output
    assert deployment.settled(asset.asset_id, Status.REJECTED).outcome is not None

    (kept,) = [each for each in deployment.client.verdicts.all() if each.run_id == asset.run_id]
    assert asset.outcome is not None
    assert (kept.confidence, kept.rule) == (asset.outcome.confidence, asset.outcome.rule)
    code, output = run("calibration", "report", "--json")
    assert code == 0, output
    (row,) = [each for each in json.loads(output) if (each["by"], each["group"]) == ("recipe", kept.recipe)]
    assert row["without_confidence"] >= 1
    assert row["advice"].startswith("too few")
    assert kept.recipe in run("calibration", "report")[1]
