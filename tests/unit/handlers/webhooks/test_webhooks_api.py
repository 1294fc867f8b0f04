"""Webhooks over HTTP: a secret is shown once, addresses are judged when they are named, dead letters are sent again."""

import json
from typing import Any

import pytest

from handlers.aws import deliveries, webhooks
from handlers.aws.clients import client
from handlers.webhooks.fan_out import fan_out
from schemas.webhook import MOST_WEBHOOKS, DeliveryState, WebhookRecord
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.webhooks.conftest import URL, Receiver, outcome, secret_of


def test_a_secret_is_shown_when_it_is_made_and_never_again(call: Call, receiver: Receiver) -> None:
    status, made = call("POST", "/webhooks", body={"url": URL, "events": ["delivered"], "recipes": ["edit"]})
    assert status == 200
    assert made["secret"].startswith("whsec_")
    found = webhooks.find(made["webhook_id"])
    assert found is not None
    assert secret_of(found) == made["secret"]
    for path in ("/webhooks", f"/webhooks/{made['webhook_id']}"):
        assert "whsec_" not in json.dumps(call("GET", path))
    _, rotated = call("POST", f"/webhooks/{made['webhook_id']}/rotate")
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_until"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "https://private.example/"}, "private_address"),
        ({"url": "ftp://shop.example/"}, "bad_request"),
        ({"url": URL, "events": []}, "bad_request"),
        ({"url": URL, "events": ["born"]}, "bad_request"),
        ({"url": URL, "recipes": ["../etc"]}, "bad_request"),
        ({"url": URL, "secret": "mine"}, "bad_request"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, receiver: Receiver, body: dict[str, Any], code: str) -> None:
    refused(call("POST", "/webhooks", body=body), 400, code)
    assert webhooks.registered() == []


def test_there_are_only_so_many(call: Call, registered: Any) -> None:
    for _ in range(MOST_WEBHOOKS):
        registered()
    refused(call("POST", "/webhooks", body={"url": URL}), 400, "too_many_webhooks")


def test_a_webhook_that_was_removed_is_not_there_any_more(call: Call, registered: Any) -> None:
    webhook: WebhookRecord = registered()
    assert call("DELETE", f"/webhooks/{webhook.webhook_id}")[0] == 200
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/enable"), ("POST", "/test")):
        refused(call(method, f"/webhooks/{webhook.webhook_id}{path}"), 404, "unknown_webhook")
    assert call("GET", "/webhooks")[1] == {"webhooks": [], "most": MOST_WEBHOOKS}


def test_a_test_is_a_delivery_of_its_own(call: Call, registered: Any, receiver: Receiver, work: Any) -> None:
    webhook = registered(events=["failed"])
    _, ordered = call("POST", f"/webhooks/{webhook.webhook_id}/test")
    work()
    assert json.loads(receiver.posted[0][1])["type"] == "cleanplate.webhook.test.v1"
    status, delivery = call("GET", f"/webhooks/deliveries/{ordered['delivery_id']}")
    assert (status, delivery["state"], delivery["attempts"]) == (200, "delivered", 1)


def test_dead_letters_are_listed_and_sent_again(call: Call, registered: Any, receiver: Receiver, work: Any) -> None:
    webhook = registered()
    fan_out(outcome(callback="https://private.example/told?token=s3cret"))
    work()
    _, listed = call("GET", "/webhooks/deliveries")
    ((failed),) = listed["deliveries"]
    assert (failed["to"], failed["state"]) == ("https://private.example/told", "failed")
    assert "s3cret" not in json.dumps(listed)
    status, again = call("POST", f"/webhooks/deliveries/{failed['delivery_id']}/resend")
    assert (status, again["state"], again["attempts"]) == (200, "pending", 0)
    refused(call("POST", f"/webhooks/deliveries/{failed['delivery_id']}/resend"), 409, "still_pending")
    _, delivered = call("GET", "/webhooks/deliveries", state="delivered")
    assert [each["webhook_id"] for each in delivered["deliveries"]] == [webhook.webhook_id]
    refused(call("GET", "/webhooks/deliveries", state="lost"), 400, "bad_state")
    refused(call("GET", "/webhooks/deliveries/d-1"), 404, "unknown_delivery")


def test_a_record_that_cannot_be_read_hides_no_other(call: Call, registered: Any) -> None:
    registered()
    fan_out(outcome())
    fan_out(outcome(run_id="r-" + "2" * 40))
    pending, _ = deliveries.page(DeliveryState.PENDING, None)
    key = {name: {"S": value} for name, value in deliveries.key(pending[0].delivery_id).items()}
    client("dynamodb").update_item(TableName="records", Key=key, UpdateExpression="REMOVE body")
    _, listed = call("GET", "/webhooks/deliveries", state="pending")
    assert [each["delivery_id"] for each in listed["deliveries"]] == [pending[1].delivery_id]


def test_admins_see_and_change_the_secret_of_callbacks(call: Call) -> None:
    _, first = call("GET", "/webhooks/callback-secret")
    assert first == {"secret": "whsec_abcdefghijklmnopqrstuvwxyz012345"}
    _, second = call("POST", "/webhooks/callback-secret/rotate")
    assert second["secret"] != first["secret"]
    assert call("GET", "/webhooks/callback-secret")[1] == second


def test_a_webhook_that_was_disabled_is_told_again_once_it_is_enabled(call: Call, registered: Any) -> None:
    webhook: WebhookRecord = registered()
    webhooks.disable(webhook.webhook_id, "Gone.")
    status, shown = call("POST", f"/webhooks/{webhook.webhook_id}/enable")
    assert status == 200
    assert not {"disabled_at", "disabled_because"} & shown.keys()
    assert fan_out(outcome()) == 1
    webhooks.remove(webhook.webhook_id)
    webhooks.enable(webhook.webhook_id)
    assert webhooks.registered() == [], "enabling brings back nothing that was removed"


def test_a_webhook_whose_address_went_private_is_not_enabled(
    call: Call, registered: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook: WebhookRecord = registered()
    webhooks.disable(webhook.webhook_id, "Gone.")
    monkeypatch.setattr("handlers.outbound.check", lambda url: receiver.check(f"{url}/private"))
    refused(call("POST", f"/webhooks/{webhook.webhook_id}/enable"), 400, "private_address")
    assert fan_out(outcome()) == 0
