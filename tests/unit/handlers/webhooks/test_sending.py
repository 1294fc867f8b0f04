"""A delivery is signed, tried again for about a day, and then lies where somebody sees it."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from handlers.aws import deliveries, webhooks
from handlers.outbound import Reply
from handlers.settings import settings
from handlers.webhooks import ordering, registering, signing
from handlers.webhooks.fan_out import fan_out
from handlers.webhooks.pausing import pause_after, pauses
from schemas.errors import BadInput, PermanentFailure, TransientFailure
from schemas.webhook import DeliveryRecord, DeliveryState
from tests.unit.handlers.webhooks.conftest import URL, Receiver, buried, outcome, secret_of

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
BUSY = Reply(500, b"sorry", {})
CALLBACK = "https://one.example/told?token=s"


def only(state: DeliveryState) -> DeliveryRecord:
    (record,), _ = deliveries.page(state, None)
    return record


def test_what_is_sent_is_the_event_with_a_signature_that_the_library_accepts(
    registered: Any, receiver: Receiver, work: Any
) -> None:
    webhook = registered()
    fan_out(outcome())
    assert work() == []
    ((url, body, headers),) = receiver.posted
    event = Webhook(secret_of(webhook)).verify(body, dict(headers))
    assert url == URL
    assert (event["type"], event["id"]) == ("cleanplate.asset.delivered.v1", outcome().id)
    record = only(DeliveryState.DELIVERED)
    assert (record.attempts, headers["webhook-id"]) == (1, record.delivery_id)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of(webhook)).verify(body + b" ", dict(headers))


def test_a_callback_is_signed_with_the_secret_of_the_deployment(receiver: Receiver, work: Any) -> None:
    fan_out(outcome(callback=CALLBACK))
    work()
    ((url, body, headers),) = receiver.posted
    assert url == CALLBACK
    assert Webhook(signing.of(signing.CALLBACKS).shown).verify(body, dict(headers))


def test_after_a_rotation_two_secrets_sign_for_a_day(registered: Any, receiver: Receiver, work: Any) -> None:
    webhook = registered()
    old = secret_of(webhook)
    rotated = registering.rotate(webhook.webhook_id)
    fan_out(outcome())
    work()
    ((_, body, headers),) = receiver.posted
    for secret in (old, rotated.shown):
        assert Webhook(secret).verify(body, dict(headers))
    assert rotated.previous_until is not None
    assert len(rotated.good_at(rotated.previous_until - timedelta(seconds=1))) == 2
    assert rotated.good_at(rotated.previous_until) == [rotated.current]


def test_what_fails_twice_and_is_then_taken_is_delivered(registered: Any, receiver: Receiver, work: Any) -> None:
    registered()
    receiver.answers = [BUSY, TransientFailure("It is away.", code="unreachable")]
    fan_out(outcome())
    first, second, third = work(), work(), work()
    assert 4 <= first[0] <= 6
    assert 27 <= second[0] <= 33
    assert third == []
    record = only(DeliveryState.DELIVERED)
    assert (record.attempts, record.reason, record.next_at) == (3, None, None)
    assert len({headers["webhook-id"] for _, _, headers in receiver.posted}) == 1


def test_what_is_never_taken_is_given_up_after_the_last_pause_and_can_be_sent_again(
    registered: Any, receiver: Receiver, work: Any, queues: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_PAUSES", "1,1")
    settings.cache_clear()
    registered()
    receiver.answers = [BUSY] * 3
    fan_out(outcome())
    assert [len(work()) for _ in range(4)] == [1, 1, 0, 0]
    record = only(DeliveryState.FAILED)
    assert (record.attempts, record.status, record.next_at) == (3, 500, None)
    assert record.reason == "The address answered 500."
    assert buried(queues) == [record.delivery_id]

    assert ordering.again(record)
    assert only(DeliveryState.PENDING).attempts == 0
    assert work() == []
    again = only(DeliveryState.DELIVERED)
    assert (again.attempts, again.body) == (1, record.body)
    assert not ordering.again(record), "it was failed when it was read, and is not any more"


def test_an_address_that_is_gone_is_disabled_and_no_callback_is(
    registered: Any, receiver: Receiver, work: Any, queues: dict[str, str]
) -> None:
    webhook = registered()
    receiver.answers = [Reply(410, b"", {})] * 2
    fan_out(outcome(callback=CALLBACK))
    assert work() == []
    failed, _ = deliveries.page(DeliveryState.FAILED, None)
    assert set(buried(queues)) == {record.delivery_id for record in failed}
    assert len(failed) == 2
    found = webhooks.find(webhook.webhook_id)
    assert found is not None
    assert found.disabled_at is not None


@pytest.mark.parametrize("code", ["private_address", "bad_url"])
def test_an_address_that_no_request_may_go_to_is_not_tried_again(
    registered: Any, receiver: Receiver, work: Any, code: str
) -> None:
    """It was public when it was registered."""
    registered()
    receiver.answers = [BadInput("Not public.", code=code)]
    fan_out(outcome())
    assert work() == []
    assert only(DeliveryState.FAILED).reason == "Not public."


def test_what_was_to_go_to_a_webhook_that_was_removed_fails(registered: Any, receiver: Receiver, work: Any) -> None:
    webhook = registered()
    fan_out(outcome())
    registering.remove(webhook)
    assert work() == []
    assert only(DeliveryState.FAILED).reason == "The webhook was removed."
    assert receiver.posted == []
    with pytest.raises(PermanentFailure):
        signing.of(webhook.webhook_id)


def test_a_redirect_is_no_yes(registered: Any, receiver: Receiver, work: Any) -> None:
    registered()
    receiver.answers = [Reply(302, b"", {"location": "https://elsewhere.example"})]
    fan_out(outcome())
    assert len(work()) == 1
    assert only(DeliveryState.PENDING).status == 302


def test_nothing_secret_is_logged_or_written_down(
    registered: Any, receiver: Receiver, work: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook = registered()
    receiver.answers = [Reply(500, b"their secret", {})]
    fan_out(outcome(callback=CALLBACK))
    work()
    written = [record.model_dump_json() for state in DeliveryState for record in deliveries.page(state, None)[0]]
    said = capsys.readouterr().out
    for secret in (secret_of(webhook).removeprefix("whsec_"), "their secret"):
        assert secret not in said
        assert all(secret not in record for record in written)
    assert "token=s" not in said
    assert "whsec" not in repr(signing.of(webhook.webhook_id))


@given(st.integers(1, 30), st.integers(0, 10**6))
def test_a_pause_is_about_what_is_planned_and_never_shorter_than_what_was_asked_for(attempts: int, asked: int) -> None:
    planned = pauses()
    found = pause_after(attempts, NOW, {"retry-after": str(asked)})
    if attempts > len(planned):
        assert found is None
    else:
        assert found is not None
        assert min(asked, 11 * 3600) <= found <= 11 * 3600
        assert found >= planned[attempts - 1] * 0.85
        assert found <= max(planned[attempts - 1] * 1.15 + 1, asked)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (format_datetime(NOW + timedelta(minutes=10), usegmt=True), 600),
        (format_datetime(NOW - timedelta(minutes=10), usegmt=True), 0),
        ("soon", 0),
        ("-5", 0),
        ("Sun, 99 Nov 2026 12:00:00 GMT", 0),
        ("٣", 0),
    ],
)
def test_retry_after_may_be_a_date_or_nonsense(text: str, seconds: int) -> None:
    found = pause_after(1, NOW, {"retry-after": text})
    assert found is not None
    assert found == seconds if seconds else found <= 6


def test_a_delivery_that_is_over_is_not_sent_by_a_late_copy_of_its_message(
    registered: Any, receiver: Receiver, work: Any
) -> None:
    registered()
    fan_out(outcome())
    fan_out(outcome())  # two messages, one delivery
    work()
    work()
    assert len(receiver.posted) == 1
    assert json.loads(receiver.posted[0][1])["subject"] == outcome().subject
