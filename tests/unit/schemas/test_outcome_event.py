"""Outcome events: one shape for every outcome, the same name for every copy, readable by older and newer listeners."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.asset import Status
from schemas.cost import Cost
from schemas.outcome_event import DETAIL_TYPES, SCHEMA, OutcomeEvent, OutcomeHeard, json_schema
from schemas.records import AssetRecord, Outcome
from schemas.rendition import Rendition
from tests import documents

MOMENT = datetime(2026, 11, 29, 12, 0, 0, 123456, tzinfo=UTC)
outcomes = st.sampled_from([status for status in Status if status.is_outcome])


def asset(status: Status, **changes: Any) -> AssetRecord:
    rendition = Rendition(
        name="native", key="k", media_type="image/png", width=1, height=2, size_bytes=3, sha256=documents.SHA
    )
    cost = Cost(dollars=0.01, seconds=2.5, instance="ml.g5.xlarge", prices_dated=MOMENT.date())
    outcome = Outcome(status=status, reason="So.", code="so", confidence=0.9, renditions=[rendition], cost=cost)
    facts = {
        "asset_id": "a-" + "0" * 24,
        "source": documents.PHOTO,
        "size_bytes": 1,
        "recipe": "edit@1",
        "run_id": "r-" + "1" * 40,
        "attempt": 1,
        "status": status,
        "outcome": outcome,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    return AssetRecord.model_validate(facts | changes)


@given(outcomes)
def test_every_outcome_is_a_cloud_event_that_keeps_to_the_published_schema(status: Status) -> None:
    event = OutcomeEvent.of(asset(status), "shop")
    written = event.model_dump(mode="json", exclude_none=True)
    assert list(Draft202012Validator(json_schema()).iter_errors(written)) == []
    assert (written["specversion"], written["source"], written["subject"]) == (
        "1.0",
        "/cleanplate/shop",
        event.data.asset_id,
    )
    assert written["type"] == f"cleanplate.asset.{status.lower()}.v1"
    assert written["time"] == "2026-11-29T12:00:00.123456Z"
    assert OutcomeEvent.model_validate_json(event.model_dump_json(exclude_none=True)) == event


def test_detail_types_read_well() -> None:
    assert DETAIL_TYPES[Status.AWAITING_REVIEW] == "Asset Awaiting Review"
    assert len(set(DETAIL_TYPES.values())) == len(DETAIL_TYPES)


@given(outcomes, outcomes, st.booleans(), st.booleans())
def test_two_events_share_a_name_only_if_they_tell_the_same(
    first: Status, second: Status, other_run: bool, later: bool
) -> None:
    changes: dict[str, Any] = {"run_id": "r-" + "2" * 40} if other_run else {}
    changes |= {"updated_at": MOMENT + timedelta(microseconds=1)} if later else {}
    same = first is second and not other_run and not later
    names = {OutcomeEvent.of(asset(first), "shop").id, OutcomeEvent.of(asset(second, **changes), "shop").id}
    assert (len(names) == 1) is same


def test_an_asset_that_is_still_worked_on_has_nothing_to_tell() -> None:
    with pytest.raises(KeyError):
        OutcomeEvent.of(asset(Status.RUNNING), "shop")


def test_only_what_was_delivered_names_a_manifest() -> None:
    assert OutcomeEvent.of(asset(Status.DELIVERED), "shop").data.manifest
    assert OutcomeEvent.of(asset(Status.FAILED), "shop").data.manifest is None


def test_what_whoever_brought_a_picture_calls_it_comes_out_again() -> None:
    said = {"tags": {"cms.id": "4711"}, "batch": "b-" + "3" * 24, "callback": "https://example.com/told"}
    data = OutcomeEvent.of(asset(Status.DELIVERED, **said), "shop").data
    assert data.model_dump(include=set(said)) == said


def test_a_listener_reads_what_a_newer_deployment_says() -> None:
    event = OutcomeEvent.of(asset(Status.DELIVERED), "shop").model_dump(mode="json")
    newer = event | {"traceparent": "00-1-2-03", "data": event["data"] | {"mood": "good"}}
    envelope = {"version": "0", "id": "1", "source": "cleanplate", "detail-type": "Asset Delivered", "detail": newer}
    heard = OutcomeHeard.model_validate(envelope)
    assert heard.detail.model_dump(mode="json") == event
    assert list(Draft202012Validator(json_schema()).iter_errors(newer)) == []
    assert json_schema()["$id"] == heard.detail.dataschema == SCHEMA
