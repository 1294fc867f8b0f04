"""Webhooks out: who is told of outcomes, and with what secret."""

import re
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import NotFound
from handlers.aws import webhooks as records
from schemas.role import Role
from schemas.webhook import MOST_WEBHOOKS, WebhookOrder, WebhookRecord

router = Router()  # type: ignore[no-untyped-call]


@router.post("/")
@callers.needs(Role.SUBMITTER)
def register() -> dict[str, Any]:
    """Register an address that is told of outcomes. Its secret is in this answer and never in another."""
    from handlers.webhooks import registering

    order = WebhookOrder.model_validate_json(body_of(router.current_event))
    webhook, secret = registering.register(order, callers.caller().who)
    return {**_shown(webhook), "secret": secret}


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_webhooks() -> dict[str, Any]:
    """List the webhooks, and how many there may be."""
    return {"webhooks": [_shown(webhook) for webhook in records.registered()], "most": MOST_WEBHOOKS}


@router.get("/callback-secret")
@callers.needs(Role.ADMIN)
def callback_secret() -> dict[str, Any]:
    """Show what events are signed with that go to the `callback` of a job."""
    from handlers.webhooks import signing

    return _secret(signing.of(signing.CALLBACKS))


@router.post("/callback-secret/rotate")
@callers.needs(Role.ADMIN)
def rotate_callback_secret() -> dict[str, Any]:
    """Make a new secret for callbacks. The one before it signs beside it for 24 hours."""
    from handlers.webhooks import registering, signing

    return _secret(registering.rotate(signing.CALLBACKS))


@router.get("/<webhook_id>")
@callers.needs(*callers.ANY_ROLE)
def show(webhook_id: str) -> dict[str, Any]:
    """Show a webhook."""
    return _shown(_known(webhook_id))


@router.delete("/<webhook_id>")
@callers.needs(Role.SUBMITTER)
def remove(webhook_id: str) -> dict[str, Any]:
    """Forget a webhook and its secret. What was still to be sent to it fails."""
    from handlers.webhooks import registering

    webhook = _known(webhook_id)
    registering.remove(webhook)
    return _shown(webhook)


@router.post("/<webhook_id>/rotate")
@callers.needs(Role.SUBMITTER)
def rotate(webhook_id: str) -> dict[str, Any]:
    """Make a new secret. The one before it signs beside it for 24 hours."""
    from handlers.webhooks import registering

    return _secret(registering.rotate(_known(webhook_id).webhook_id))


@router.post("/<webhook_id>/enable")
@callers.needs(Role.SUBMITTER)
def enable(webhook_id: str) -> dict[str, Any]:
    """Send again to a webhook that was disabled because its address was gone."""
    from handlers.webhooks import registering

    registering.enable(_known(webhook_id))
    return _shown(_known(webhook_id))


@router.post("/<webhook_id>/test")
@callers.needs(Role.SUBMITTER)
def try_out(webhook_id: str) -> dict[str, Any]:
    """Send an event of type `cleanplate.webhook.test.v1`; ask for the delivery to see how it went."""
    from handlers.api.deliveries import shown
    from handlers.webhooks import ordering

    return shown(ordering.try_out(_known(webhook_id)))


def _known(webhook_id: str) -> WebhookRecord:
    found = records.find(webhook_id) if re.fullmatch("w-[0-9a-f]{24}", webhook_id) else None
    if found is None:
        raise NotFound(f"There is no webhook `{webhook_id[:60]}`.", code="unknown_webhook")
    return found


def _shown(webhook: WebhookRecord) -> dict[str, Any]:
    return webhook.model_dump(mode="json", exclude_none=True)


def _secret(secrets: Any) -> dict[str, Any]:
    kept = secrets.model_dump(mode="json", include={"previous_until"}, exclude_none=True)
    return {"secret": secrets.shown, **kept}
