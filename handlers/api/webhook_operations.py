"""What routes about webhooks are asked with, answer and refuse: a part of the table in ``operations.py``."""

from handlers.api.operation import Codes, Operation
from schemas.http import webhooks
from schemas.webhook import WebhookOrder

_WEBHOOK: Codes = {404: ("unknown_webhook",)}
_NO_SECRET: Codes = {422: ("no_secret",)}
_DELIVERY: Codes = {404: ("unknown_delivery",)}

WEBHOOK_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "/webhooks"): Operation(
        webhooks.WebhookMade,
        sends=WebhookOrder,
        refuses={400: ("bad_request", "bad_url", "private_address", "too_many_webhooks"), 503: ("unreachable",)},
    ),
    ("GET", "/webhooks"): Operation(webhooks.WebhookList),
    ("GET", "/webhooks/callback-secret"): Operation(webhooks.SecretShown, refuses=_NO_SECRET),
    ("POST", "/webhooks/callback-secret/rotate"): Operation(webhooks.SecretShown, refuses=_NO_SECRET),
    ("GET", "/webhooks/<webhook_id>"): Operation(webhooks.WebhookShown, refuses=_WEBHOOK),
    ("DELETE", "/webhooks/<webhook_id>"): Operation(webhooks.WebhookShown, refuses=_WEBHOOK),
    ("POST", "/webhooks/<webhook_id>/rotate"): Operation(webhooks.SecretShown, refuses={**_WEBHOOK, **_NO_SECRET}),
    ("POST", "/webhooks/<webhook_id>/enable"): Operation(
        webhooks.WebhookShown,
        refuses={**_WEBHOOK, 400: ("bad_url", "private_address"), 503: ("unreachable",)},
    ),
    ("POST", "/webhooks/<webhook_id>/test"): Operation(
        webhooks.DeliveryShown, refuses={**_WEBHOOK, 503: ("queue_busy",)}
    ),
    ("GET", "/webhooks/deliveries"): Operation(
        webhooks.DeliveryPage, query=webhooks.DeliveryQuestion, refuses={400: ("bad_state", "bad_cursor")}
    ),
    ("GET", "/webhooks/deliveries/<delivery_id>"): Operation(webhooks.DeliveryShown, refuses=_DELIVERY),
    ("POST", "/webhooks/deliveries/<delivery_id>/resend"): Operation(
        webhooks.DeliveryShown, refuses={**_DELIVERY, 409: ("still_pending",), 503: ("queue_busy",)}
    ),
}
