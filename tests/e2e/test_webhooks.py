"""Webhooks out: signed, tried again, given up visibly, sent again, and never to a private address unless allowed."""

import time
from collections.abc import Iterator

import pytest

from infra.client import ApiError
from infra.local import stack
from schemas.asset import Status
from schemas.http.webhooks import DeliveryShown
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def allowing() -> Iterator[Deployment]:
    """A stack that may speak to this machine, and is quick to give up."""
    with stack.temporary(stack.Options(parameters={"PrivateAddresses": "allow", "WebhookPauses": "1,1,1"})) as info:
        yield Deployment(info)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Whoever takes webhooks."""
    with receiving() as running:
        yield running


def settled(deployment: Deployment, delivery_id: str) -> DeliveryShown:
    """Wait until a delivery is over."""
    deadline = time.monotonic() + 120
    while (found := deployment.client.webhooks.delivery(delivery_id)).state == "pending":
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.3)
    return found


def broken(deployment: Deployment, **metadata: str) -> str:
    """Upload what is no picture: the quickest outcome there is."""
    return deployment.put(deployment.key("remove-watermark", "broken.png"), b"no picture at all", **metadata)


def test_each_outcome_is_told_to_whom_it_concerns(allowing: Deployment, receiver: Receiver) -> None:
    hooks = allowing.client.webhooks
    everything = hooks.add(f"{receiver.url}/all")
    chosen = hooks.add(f"{receiver.url}/delivered", events=["delivered"], recipes=["remove-watermark"])
    dirty = pictures.lettered(pictures.coffee(128, 96), "A", 30)
    key = allowing.key("remove-watermark", "photo.png")
    allowing.put(key + ".mask.png", pictures.encoded(dirty.mask))
    expected = {
        allowing.put(key, pictures.encoded(dirty.photo), tags="cms=17"): "delivered",
        allowing.put(allowing.key("remove-object", "photo.png"), pictures.encoded(dirty.photo)): "awaiting_review",
        broken(allowing): "quarantined",
    }
    heard = [posted.verified(everything.secret) for posted in receiver.at("/all", 3)]
    assert {event["subject"]: event["type"] for event in heard} == {
        asset_id: f"cleanplate.asset.{what}.v1" for asset_id, what in expected.items()
    }
    told = {event["subject"]: event["data"] for event in heard}
    (only,) = [posted.verified(chosen.secret) for posted in receiver.at("/delivered")]
    assert expected[only["subject"]] == "delivered"
    assert only["data"] == told[only["subject"]]
    assert only["data"]["tags"] == {"cms": "17"}


def test_what_is_held_and_what_is_cancelled_is_told(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/called-off", events=["held", "cancelled"])
    photo = pictures.encoded(pictures.lettered(pictures.coffee(128, 96), "A", 30).photo)
    asset_id = allowing.put(allowing.key("remove-object", "photo.png"), photo, hold="true", box="10,10,20,20")
    (held,) = [posted.verified(webhook.secret) for posted in receiver.at("/called-off")]
    run = allowing.client.runs.again(asset_id)
    allowing.client.runs.cancel(run.run_id)
    cancelled = receiver.at("/called-off", 2)[1].verified(webhook.secret)
    assert [event["type"] for event in (held, cancelled)] == [
        "cleanplate.asset.held.v1",
        "cleanplate.asset.cancelled.v1",
    ]
    assert {held["subject"], cancelled["subject"]} == {asset_id}
    assert cancelled["data"]["run_id"] == run.run_id


def test_what_failed_is_told(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/failed", events=["failed"])
    recipe = b"{summary: Fills by a model that nobody has., mask: {}, inpaint: {model: nobodys}}"
    allowing.client.recipes.publish("by-nobody", recipe)
    photo = pictures.encoded(pictures.lettered(pictures.coffee(128, 96), "A", 30).photo)
    asset_id = allowing.put(allowing.key("by-nobody", "photo.png"), photo, box="10,10,20,20")
    (failed,) = [posted.verified(webhook.secret) for posted in receiver.at("/failed")]
    assert (failed["subject"], failed["type"]) == (asset_id, "cleanplate.asset.failed.v1")
    assert (failed["data"]["code"], failed["data"]["renditions"]) == ("unknown_model", [])


def test_an_event_that_is_refused_twice_comes_a_third_time(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/busy", events=["failed"])
    receiver.refuse["/busy"] = [500, 503]
    delivery = allowing.client.webhooks.test(webhook.webhook_id)
    three = receiver.at("/busy", 3)
    assert {posted.headers["webhook-id"] for posted in three} == {delivery.delivery_id}
    assert {posted.verified(webhook.secret)["type"] for posted in three} == {"cleanplate.webhook.test.v1"}
    done = settled(allowing, delivery.delivery_id)
    assert (done.state, done.attempts) == ("delivered", 3)


def test_what_nobody_takes_is_a_dead_letter_that_can_be_sent_again(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/down", events=["quarantined"])
    receiver.refuse["/down"] = [500] * 4
    asset_id = broken(allowing)
    receiver.at("/down", 4)
    first = receiver.at("/down")[0]
    failed = settled(allowing, first.headers["webhook-id"])
    assert (failed.state, failed.attempts, failed.status, failed.subject) == ("failed", 4, 500, asset_id)
    assert failed.delivery_id in {delivery.delivery_id for delivery in allowing.client.webhooks.deliveries()}

    allowing.client.webhooks.resend(failed.delivery_id)
    last = receiver.at("/down", 5)[-1]
    assert last.body == first.body
    assert last.verified(webhook.secret)["subject"] == asset_id
    assert settled(allowing, failed.delivery_id).state == "delivered"


def test_the_callback_of_a_job_is_told_with_the_secret_of_the_deployment(
    allowing: Deployment, receiver: Receiver
) -> None:
    asset_id = broken(allowing, callback=f"{receiver.url}/callback?token=mine")
    (posted,) = receiver.at("/callback?token=mine")
    event = posted.verified(allowing.client.webhooks.callback_secret().secret)
    assert (event["subject"], event["data"]["status"]) == (asset_id, Status.QUARANTINED)
    assert "callback" not in event["data"]


def test_both_secrets_sign_after_a_rotation(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/rotated", events=["failed"])
    rotated = allowing.client.webhooks.rotate(webhook.webhook_id)
    allowing.client.webhooks.test(webhook.webhook_id)
    (posted,) = receiver.at("/rotated")
    for secret in (webhook.secret, rotated.secret):
        assert posted.verified(secret)["subject"] == webhook.webhook_id


def test_an_address_that_is_gone_is_told_nothing_more(allowing: Deployment, receiver: Receiver) -> None:
    webhook = allowing.client.webhooks.add(f"{receiver.url}/gone", events=["failed"])
    receiver.refuse["/gone"] = [410]
    delivery = allowing.client.webhooks.test(webhook.webhook_id)
    assert settled(allowing, delivery.delivery_id).state == "failed"
    assert allowing.client.webhooks.show(webhook.webhook_id).disabled_at is not None


def test_a_private_address_is_refused_at_both_ends(deployment: Deployment, receiver: Receiver) -> None:
    for url in (f"{receiver.url}/all", "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data"):
        with pytest.raises(ApiError) as refused:
            deployment.client.webhooks.add(url)
        assert refused.value.code in ("private_address", "bad_url")
    asset_id = broken(deployment, callback="https://127.0.0.1/told")
    deployment.outcome(asset_id)
    deadline = time.monotonic() + 60
    while not (failed := [each for each in deployment.client.webhooks.deliveries() if each.subject == asset_id]):
        assert time.monotonic() < deadline, "it was not refused"
        time.sleep(0.3)
    assert failed[0].attempts == 1
    assert failed[0].reason == "The host `127.0.0.1` is not on the public internet."
