"""``cleanplate webhooks``: a secret is printed once, and how a delivery went is said in words."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.http.webhooks import DeliveryShown, SecretShown, WebhookMade
from tests.unit.infra.cli.test_commands import _no_stack, run

__all__ = ["_no_stack"]

MOMENT = "2026-11-29T12:00:00Z"
ID, DELIVERY = "w-" + "0" * 24, "d-" + "1" * 40
WEBHOOK = {
    "webhook_id": ID,
    "url": "https://shop.example/told",
    "events": ["delivered"],
    "created_at": MOMENT,
    "created_by": "person:1",
    "secret": "whsec_once",
}
SENT = {
    "delivery_id": DELIVERY,
    "webhook_id": ID,
    "event_id": "t-1",
    "event_type": "cleanplate.webhook.test.v1",
    "subject": ID,
    "state": "delivered",
    "attempts": 1,
    "created_at": MOMENT,
    "updated_at": MOMENT,
}


class Listeners:
    """A deployment's webhooks, as far as the commands need them."""

    def __init__(self) -> None:
        self.webhooks = self
        self.added: list[Any] = []
        self.sent = DeliveryShown.model_validate(SENT)

    def add(self, url: str, **wishes: Any) -> WebhookMade:
        self.added.append((url, wishes))
        return WebhookMade.model_validate(WEBHOOK)

    def list(self) -> list[WebhookMade]:
        return [WebhookMade.model_validate(WEBHOOK)]

    def rotate(self, webhook_id: str) -> SecretShown:
        return SecretShown(secret=f"whsec_of_{webhook_id}")

    def enable(self, webhook_id: str) -> WebhookMade:
        return WebhookMade.model_validate(WEBHOOK | {"webhook_id": webhook_id})

    def rotate_callback_secret(self) -> SecretShown:
        return SecretShown(secret="whsec_of_callbacks")

    def test(self, webhook_id: str) -> DeliveryShown:
        return self.sent

    def wait(self, delivery_id: str) -> DeliveryShown:
        return self.sent

    def deliveries(self, state: str) -> Iterator[DeliveryShown]:
        yield self.sent


@pytest.fixture
def listeners(monkeypatch) -> Listeners:
    listeners = Listeners()
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: listeners)
    return listeners


def test_a_new_webhook_tells_its_secret_and_a_list_does_not(listeners: Listeners):
    code, output = run("webhooks", "add", WEBHOOK["url"], "--event", "delivered", "--event", "failed")
    assert (code, output) == (0, f"webhook  {ID}\nsecret   whsec_once\n")
    assert listeners.added == [(WEBHOOK["url"], {"events": ["delivered", "failed"], "recipes": None})]
    code, output = run("webhooks", "list")
    assert code == 0
    assert "whsec" not in output
    assert "https://shop.example/told\tdelivered\tall\tyes" in output


def test_the_secret_of_callbacks_is_rotated_by_its_own_name(listeners: Listeners):
    assert run("webhooks", "rotate", ID)[1] == f"secret   whsec_of_{ID}\n"
    assert run("webhooks", "rotate", "callbacks")[1] == "secret   whsec_of_callbacks\n"


def test_what_was_disabled_is_enabled(listeners: Listeners):
    assert run("webhooks", "enable", ID) == (0, f"Enabled {ID}.\n")


def test_a_test_that_nobody_takes_fails(listeners: Listeners):
    assert run("webhooks", "test", ID) == (0, f"{DELIVERY}  delivered, 1 try\n")
    again = {"state": "pending", "attempts": 2, "reason": "The address answered 500."}
    listeners.sent = DeliveryShown.model_validate(SENT | again)
    assert run("webhooks", "test", ID) == (1, f"{DELIVERY}  pending, 2 tries: The address answered 500.\n")


def test_deliveries_are_listed_by_a_state_that_there_is(listeners: Listeners):
    code, output = run("webhooks", "deliveries", "--state", "delivered")
    assert code == 0
    assert f"{DELIVERY}\t{ID}\twebhook.test.v1\t{ID}\t2026-11-29 12:00\tdelivered, 1 try" in output
    assert run("webhooks", "deliveries", "--state", "lost")[0] == 2
