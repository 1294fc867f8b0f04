"""``cleanplate review``: what makes no sense is said before anything is asked, and a verdict says what follows."""

from types import SimpleNamespace
from typing import Any

import pytest

from infra.client.errors import ApiError
from infra.client.reviews import Reviews
from schemas.trail import TrailEntry
from tests.unit.infra.cli.test_commands import run

ASSET, RUN, NEXT = "a-" + "0" * 24, "r-" + "0" * 40, "r-" + "1" * 40
VERDICT = {
    "asset_id": ASSET,
    "run_id": RUN,
    "opinion": {"verdict": "approve"},
    "who": "person:1",
    "name": "ada",
    "given_at": "2026-11-29T10:05:00Z",
    "rule": "guard-text",
    "recipe": "find@1",
    "state": "decided",
    "next_run": NEXT,
}
ROW = {
    "asset_id": ASSET,
    "run_id": RUN,
    "name": "photo.png",
    "recipe": "find@1",
    "rule": "guard-text",
    "reason": "Text is touched.",
    "confidence": None,
    "opened_at": "2026-11-29T10:00:00Z",
    "expires_at": None,
    "attempt": 1,
    "state": "open",
    "claimed_by": "ben",
    "claimed_until": 1796000000,
    "mine": False,
    "findings": 1,
    "thumbnail": "https://thumbnail",
}
ITEM = {
    **ROW,
    "signals": [{"name": "Edge", "value": "1.8", "words": "stands out", "level": "fair"}],
    "findings": [
        {
            "guard": "text",
            "change": "touched",
            "box": {"x": 1, "y": 2, "width": 3, "height": 4},
            "detail": "`42` reads `47`",
        }
    ],
    "prompt": None,
    "negative_prompt": None,
    "width": 40,
    "height": 30,
    "stages": [],
    "proofs": None,
    "files": {"before": "https://before"},
    "earlier": [],
    "parent": None,
    "may": {"approve": True, "approve_why_not": None, "reject": True, "redo": True},
    "second_person": {"required": False, "first": None},
    "choices": {"models": [], "reasons": ["text"], "prompt": False, "rights": False},
    "verdict": None,
    "next_run": None,
}
DEED = {
    "asset_id": ASSET,
    "run_id": RUN,
    "at": "2026-11-29T10:00:00Z",
    "what": "opened",
    "by": {"who": "cleanplate", "name": "Cleanplate"},
    "why": "Text is touched.",
}


class Api:
    """Answers as the API does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, Any]] = []

    def get(self, path: str, **query: str | None) -> dict[str, Any]:
        """Answer a question."""
        return self._answer(path, {name: value for name, value in query.items() if value is not None})

    def post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        """Take a document."""
        return self._answer(path, document)

    def _answer(self, path: str, said: Any) -> dict[str, Any]:
        self.asked.append((path.rpartition("/")[2], said))
        return self.answers[path.removeprefix(f"/reviews/{ASSET}/{RUN}")]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """A deployment with one asset that waits."""
    made = Api()
    asset = SimpleNamespace(run_id=RUN)
    client = SimpleNamespace(reviews=Reviews(made), asset=lambda _: asset, asset_at=lambda _: ASSET)
    monkeypatch.setattr("infra.cli.target.connect", lambda *_: client)
    return made


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reject", ASSET], "a rejection needs one of"),
        (["reject", ASSET, "--reason", "moon"], "invented"),
        (["reject", ASSET, "--reason", "text", "--deliver", "both"], "nothing or original"),
        (["approve", ASSET, "--comment", "c" * 501], "1 to 500"),
        (["redo", ASSET, "--box", "1,2"], "x,y,width,height"),
        (["redo", ASSET, "--context", "9"], "--context"),
        (["redo", ASSET, "--model", "../etc"], "--model"),
        (["redo", ASSET, "--rights", "stolen"], "--rights"),
        (["list", "--max-confidence", "2"], "--max-confidence"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_asked(api: Api, arguments: list[str], words: str) -> None:
    code, output = run("review", *arguments)
    assert (code, api.asked) == (2, []), output
    assert words in output


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (VERDICT, "Approved by ada; delivering."),
        ({**VERDICT, "next_run": None, "state": "needs_second"}, "a second person must approve it too"),
        ({**VERDICT, "next_run": None}, "it was delivered before"),
    ],
)
def test_an_approval_says_what_follows(api: Api, verdict: dict[str, Any], words: str) -> None:
    api.answers["/verdict"] = verdict
    code, output = run("review", "approve", "trip/photo.jpg", "--touched-up")
    assert (code, words in output) == (0, True), output
    assert api.asked == [("verdict", {"verdict": "approve", "unchanged": False})]


def test_a_rejection_and_a_redo_send_what_was_said(api: Api) -> None:
    api.answers = {"/verdict": VERDICT, "/redo": {"run_id": NEXT}}
    assert "original is delivered" in run("review", "reject", ASSET, "--reason", "face", "--deliver", "original")[1]
    code, output = run("review", "redo", ASSET, "--box", "1,2,3,4", "--conservative", "--context", "2")
    assert (code, f"a box, conservative, context 2: run {NEXT}" in output) == (0, True), output
    (_, rejected), (_, changes) = api.asked
    assert rejected == {"verdict": "reject", "unchanged": True, "reason": "face", "deliver": "original"}
    assert changes["box"] == {"x": 1, "y": 2, "width": 3, "height": 4}
    assert (changes["conservative"], changes["context"]) == (True, 2.0)


def test_the_queue_is_listed_page_by_page_with_its_filters(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = iter([{"items": [ROW], "cursor": "2#"}, {"items": [{**ROW, "name": "second.png"}], "cursor": None}])
    asked: list[Any] = []
    monkeypatch.setattr(api, "get", lambda path, **query: asked.append(query) or next(pages))
    code, output = run("review", "list", "--rule", "guard-text", "--mine")
    assert (code, "photo.png" in output, "second.png" in output, "ben" in output) == (0, True, True, True)
    assert [query["cursor"] for query in asked] == [None, "2#"]
    assert all((query["rule"], query["mine"]) == ("guard-text", "true") for query in asked)


def test_one_is_shown_with_what_was_found_measured_and_done(api: Api) -> None:
    TrailEntry.model_validate(DEED)
    api.answers = {"": ITEM, "/trail": {"entries": [DEED]}}
    code, output = run("review", "show", ASSET)
    assert code == 0, output
    for words in ("Text is touched.", "text touched at 1,2 3x4", "stands out", "opened", "https://before"):
        assert words in output
    assert '"rule": "guard-text"' in run("review", "show", ASSET, "--json")[1]


def test_a_refusal_is_one_sentence(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> dict[str, Any]:
        raise ApiError("ben is looking at it until 10:12 UTC.", code="claimed", status=409)

    monkeypatch.setattr(api, "post", refuse)
    code, output = run("review", "approve", ASSET)
    assert (code, "cleanplate: ben is looking at it until 10:12 UTC." in output) == (1, True), output
