"""``cleanplate withdraw`` and ``erase``: nothing is taken away for no reason, and nothing is erased unasked."""

from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from schemas.asset import Status
from tests import documents
from tests.unit.infra.cli.test_commands import run

ASSET = documents.run().asset_id


class Removals:
    """Keeps what it was asked, and has done it at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def withdraw(self, asset_id: str, reason: str, comment: str | None) -> None:
        """Take a delivery back."""
        self.asked.append(("withdraw", asset_id, reason, comment or ""))

    def gone(self, _: str) -> Any:
        """Say that it is gone."""
        outcome = SimpleNamespace(reason="Withdrawn by Ada (privacy).")
        return SimpleNamespace(status=Status.WITHDRAWN, outcome=outcome)

    def erase(self, asset_id: str, reason: str) -> None:
        """Erase a picture."""
        self.asked.append(("erase", asset_id, reason))

    def erased(self, _: str) -> Any:
        """Say that it is gone."""
        return SimpleNamespace(objects=23, records=19)


@pytest.fixture
def removals(monkeypatch: pytest.MonkeyPatch) -> Removals:
    made = Removals()
    found = SimpleNamespace(status=Status.DELIVERED, source=documents.PHOTO)
    client = SimpleNamespace(removals=made, asset=lambda _: found, asset_at=lambda _: ASSET)
    monkeypatch.setattr("infra.cli.target.connect", lambda *_args, **_more: client)
    return made


@pytest.mark.parametrize("name", [ASSET, "trip/photo.jpg"])
def test_a_delivery_is_taken_back_by_id_or_key(removals: Removals, name: str) -> None:
    code, output = run("withdraw", name, "--reason", "privacy", "--comment", "Asked.")
    assert (code, "WITHDRAWN  Withdrawn by Ada (privacy)." in output) == (0, True)
    assert removals.asked == [("withdraw", ASSET, "privacy", "Asked.")]


@pytest.mark.parametrize("command", ["withdraw", "erase"])
@pytest.mark.parametrize("options", [(), ("--reason", "bored")])
def test_nothing_is_taken_away_for_no_reason(removals: Removals, command: str, options: tuple[str, ...]) -> None:
    code, _ = run(command, ASSET, *options)
    assert (code, removals.asked) == (2, [])


@pytest.mark.parametrize(("answer", "asked"), [("y\n", [("erase", ASSET, "request")]), ("n\n", []), ("", [])])
def test_nothing_is_erased_unasked(removals: Removals, answer: str, asked: list[tuple[str, ...]]) -> None:
    done = CliRunner().invoke(app, ["erase", ASSET, "--reason", "request"], input=answer)
    assert removals.asked == asked
    assert (done.exit_code == 0) is bool(asked)
    assert documents.PHOTO.key in done.output


def test_whoever_says_yes_beforehand_is_not_asked(removals: Removals) -> None:
    code, output = run("erase", ASSET, "--reason", "consent", "--yes")
    assert (code, "ERASED  23 versions of objects, 19 records" in output) == (0, True)
    assert removals.asked == [("erase", ASSET, "consent")]
