"""Registering webhooks, and their secrets: shown once, when they are made."""

import secrets

from handlers import outbound
from handlers.aws import webhooks
from handlers.webhooks import signing
from schemas.errors import BadInput
from schemas.records import now
from schemas.webhook import MOST_WEBHOOKS, WebhookOrder, WebhookRecord


def register(order: WebhookOrder, who: str) -> tuple[WebhookRecord, str]:
    """Register a webhook; return it with its secret.

    Raises
    ------
    BadInput
        ``bad_url`` or ``private_address``; ``too_many_webhooks``.
    TransientFailure
        If the address cannot be looked up at the moment.
    """
    outbound.check(order.url)
    if len(webhooks.registered()) >= MOST_WEBHOOKS:
        raise BadInput(f"There are {MOST_WEBHOOKS} webhooks already; remove one first.", code="too_many_webhooks")
    facts = {"webhook_id": f"w-{secrets.token_hex(12)}", "created_at": now(), "created_by": who}
    webhook = WebhookRecord.model_validate({**order.model_dump(), **facts})
    secret = signing.new()
    signing.keep(webhook.webhook_id, secret)  # first: nothing is sent that could not be signed
    webhooks.add(webhook)
    return webhook, secret.shown


def enable(webhook: WebhookRecord) -> None:
    """Send again to a webhook whose address was said to be gone; what it missed meanwhile is not sent.

    Raises
    ------
    BadInput
        ``bad_url`` or ``private_address``: the address may lead elsewhere by now.
    TransientFailure
        If the address cannot be looked up at the moment.
    """
    outbound.check(webhook.url)
    webhooks.enable(webhook.webhook_id)


def remove(webhook: WebhookRecord) -> None:
    """Forget a webhook and its secret."""
    webhooks.remove(webhook.webhook_id)
    signing.forget(webhook.webhook_id)


def rotate(endpoint: str) -> signing.SigningSecrets:
    """Make the next secret of a webhook, or of callbacks. The one before it signs beside it for a day."""
    rotated = signing.of(endpoint).rotated(now())
    signing.keep(endpoint, rotated)
    return rotated
