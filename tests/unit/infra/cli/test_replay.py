"""``cleanplate replay`` says stage by stage what came out the same, and its exit code says it to scripts."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from infra.client.replays import Replays
from tests import documents
from tests.unit.infra.cli.test_commands import run

ASSET, RUN, AGAIN = documents.run().asset_id, documents.run().run_id, documents.run(attempt=2).run_id
OTHERWISE = {"what": "model.version", "before": '"1"', "after": '"2"'}


class Api:
    """Answers as the API does; a replay is under way when it is looked at for the first time."""

    def __init__(self, stages: list[dict[str, Any]]) -> None:
        self.asked: list[str] = []
        same = all(stage["sameness"] in ("identical", "not-repeated") for stage in stages)
        named = {"run_id": AGAIN, "replay_of": RUN, "asset_id": ASSET}
        done = {**named, "state": "done", "identical": same, "reason": "All of it was looked at.", "stages": stages}
        self._answers = [{**named, "state": "running"}, done]

    def post(self, path: str, document: dict[str, Any], *, once: bool = False) -> dict[str, Any]:
        """Take an order."""
        assert (document, once) == ({}, True)
        self.asked.append(path)
        return {**self._answers[0]}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Answer a question."""
        self.asked.append(path)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def _connect(monkeypatch: pytest.MonkeyPatch, *stages: dict[str, Any]) -> Api:
    api = Api([{"number": 1, "model": "net@1", **stage} for stage in stages])
    client = SimpleNamespace(
        replays=Replays(api),
        asset=lambda _: SimpleNamespace(run_id=RUN),
        asset_at=lambda key: ASSET if key == "trip/photo.jpg" else pytest.fail(key),
    )
    monkeypatch.setattr("infra.cli.target.connect", lambda *_args, **_more: client)
    return api


@pytest.mark.parametrize("subject", [RUN, ASSET, "trip/photo.jpg"])
def test_a_run_is_replayed_by_its_own_name_or_its_pictures(monkeypatch: pytest.MonkeyPatch, subject: str) -> None:
    deliver = {"stage": "deliver", "sameness": "not-repeated", "note": "A replay delivers nothing.", "model": None}
    api = _connect(monkeypatch, {"stage": "mask", "sameness": "identical"}, deliver)
    code, output = run("replay", subject)
    assert code == 0
    assert api.asked == [f"/runs/{RUN}/replay", f"/replays/{AGAIN}", f"/replays/{AGAIN}"]
    assert "mask\tidentical\tnet@1" in output
    assert "deliver\tnot repeated\t\tA replay delivers nothing." in output


def test_what_differs_is_named_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = {"stage": "inpaint", "number": 2, "sameness": "differs", "because": [OTHERWISE]}
    _connect(monkeypatch, stage)
    code, output = run("replay", RUN)
    assert code == 1
    assert 'inpaint 2\tdiffers\tnet@1\tmodel.version: "1" -> "2"' in output


def test_scripts_are_told_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    _connect(monkeypatch, {"stage": "mask", "sameness": "identical"})
    code, output = run("replay", RUN, "--json")
    assert (code, json.loads(output)["identical"]) == (0, True)
