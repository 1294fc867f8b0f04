"""The queue shows what waits, what is most at stake first, and every item on exactly one page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.aws import items, review_queue
from handlers.aws.clients import client
from schemas.queue import Filters
from schemas.records import ReviewRecord, now
from schemas.review import ReviewState
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import refused
from tests.unit.handlers.reviewing import ADA, BEN, Ask, asking, path, waiting, with_policy


@pytest.fixture
def ask(aws: None, captured: Callable[[str], Any], context: Any) -> Ask:
    return asking(captured, context)


def _write(count: int, **facts: Any) -> list[ReviewRecord]:
    """Reviews that opened one second after another."""
    made = []
    for number in range(count):
        record = ReviewRecord.model_validate(
            {
                "asset_id": f"a-{number:024x}",
                "run_id": f"r-{number:040x}",
                "opened_at": now() - timedelta(seconds=count - number),
                "rank": 2,
                "recipe": "find@1",
                "rule": "confidence-unknown",
                "reason": "Look.",
                "before": documents.PHOTO,
                "after": documents.PHOTO,
                **{name: value(number) if callable(value) else value for name, value in facts.items()},
            }
        )
        client("dynamodb").put_item(TableName="records", Item=items.review_item(record))
        made.append(record)
    return made


def _all(ask: Ask, limit: int = 7, **filters: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        _, page = ask("GET", "/reviews", limit=str(limit), **({"cursor": cursor} if cursor else {}), **filters)
        found += [item["run_id"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            return found


def _everything(filters: Filters) -> list[ReviewRecord]:
    """Follow the queue to its end, through pages that may be empty."""
    found, after = review_queue.page(filters, ADA, None, 100)
    while after is not None:
        more, after = review_queue.page(filters, ADA, after, 100)
        found += more
    return found


def test_every_waiting_review_is_on_one_page_the_oldest_first(ask: Ask) -> None:
    made = _write(24)
    assert _all(ask) == [review.run_id for review in made]


def test_what_is_most_at_stake_comes_first(ask: Ask, upload: Upload) -> None:
    always = waiting(upload, with_policy(documents.FIND, review="always"), rule="review-always", key="a/1.jpg").run
    doubtful = waiting(upload, key="a/2.jpg").run
    face = waiting(upload, rule="guard-faces", key="a/3.jpg").run
    assert _all(ask) == [face.run_id, doubtful.run_id, always.run_id]


def test_what_was_decided_is_listed_no_more(ask: Ask) -> None:
    _write(6, state=lambda number: ReviewState.DECIDED if number % 2 else ReviewState.OPEN)
    assert len(_all(ask)) == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"recipe": "find"}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"recipe": "fin"}, []),
        ({"recipe": "find@2"}, []),
        ({"rule": "guard-text"}, [0, 5]),
        ({"guard": "text"}, [0, 5]),
        ({"max_confidence": "0.25"}, [0, 1, 2]),
        ({"min_confidence": "0.8"}, [8, 9]),
        ({"older_than_hours": "1"}, []),
        ({"rule": "guard-text", "min_confidence": "0.4"}, [5]),
    ],
)
def test_a_filter_leaves_what_it_names(ask: Ask, filters: dict[str, str], expected: list[int]) -> None:
    made = _write(
        10,
        rule=lambda number: "confidence-unknown" if number % 5 else "guard-text",
        confidence=lambda number: number / 10,
    )
    assert _all(ask, limit=3, **filters) == [made[number].run_id for number in expected]


def test_a_filter_that_matches_nothing_reads_a_bounded_part_of_the_queue(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_queue, "_ROWS", 3)
    monkeypatch.setattr(review_queue, "_MOST_READS", 2)
    _write(20)
    found, after = review_queue.page(Filters(rule="guard-text"), ADA, None, 10)
    assert found == []
    assert after is not None
    assert _everything(Filters(rule="guard-text")) == []
    assert len(_everything(Filters())) == 20


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "0"}, "bad_limit"),
        ({"limit": "1e3"}, "bad_limit"),
        ({"limit": "99999999999"}, "bad_limit"),
        ({"cursor": "x" * 300}, "bad_cursor"),
        ({"min_confidence": "high"}, "bad_request"),
        ({"guard": "moon"}, "bad_request"),
        ({"recipe": "a'; --"}, "bad_request"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(ask: Ask, query: dict[str, str], code: str) -> None:
    refused(ask("GET", "/reviews", **query), 400, code)


def test_counts_are_by_rule_and_by_recipe(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(7, rule=lambda number: "guard-text" if number < 2 else "confidence-unknown")
    counted = {"open": 7, "at_least": False, "by_rule": {"guard-text": 2, "confidence-unknown": 5}}
    assert ask("GET", "/reviews/counts")[1] == {**counted, "by_recipe": {"find@1": 7}}
    monkeypatch.setattr(review_queue, "_ROWS", 2)
    monkeypatch.setattr(review_queue, "_MOST_COUNTED", 3)
    assert ask("GET", "/reviews/counts")[1]["at_least"]


def test_one_unreadable_review_hides_no_other(ask: Ask) -> None:
    made = _write(3)
    key = {name: items.to_wire(value) for name, value in items.review_key(made[1].asset_id, made[1].run_id).items()}
    client("dynamodb").update_item(
        TableName="records",
        Key=key,
        UpdateExpression="SET before_was = :x",
        ExpressionAttributeValues={":x": items.to_wire("?")},
    )
    assert _all(ask) == [made[0].run_id, made[2].run_id]


def test_mine_are_those_that_i_hold(ask: Ask, upload: Upload) -> None:
    runs = [waiting(upload, key=f"a/{number}.jpg").run for number in range(3)]
    ask("POST", path(runs[0], "claim"), {}, who=ADA)
    ask("POST", path(runs[1], "claim"), {}, who=BEN)
    assert _all(ask, mine="true") == [runs[0].run_id]
