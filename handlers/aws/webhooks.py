"""DynamoDB: registered webhooks. They share one partition, so that an outcome finds all of them by one query."""

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.records import now, timestamp
from schemas.webhook import WebhookRecord


def key(webhook_id: str) -> dict[str, str]:
    """Key of a webhook."""
    return {"pk": items.WEBHOOKS, "sk": webhook_id}


def find(webhook_id: str) -> WebhookRecord | None:
    """Read a webhook."""
    found = table.get(key(webhook_id))
    return table.checked(WebhookRecord, found) if found else None


def registered() -> list[WebhookRecord]:
    """List all webhooks, those included that nothing is sent to any more."""
    return table.query(WebhookRecord, "pk = :pk", {":pk": items.WEBHOOKS}, "listing webhooks")


def add(webhook: WebhookRecord) -> None:
    """Write a new webhook down."""
    table.put_new(items.to_item(webhook, key(webhook.webhook_id)), "registering a webhook")


def remove(webhook_id: str) -> None:
    """Forget a webhook."""
    wire = items.wired(key(webhook_id))
    with translated("removing a webhook"):
        client("dynamodb").delete_item(TableName=settings().table, Key=wire)


def disable(webhook_id: str, because: str) -> None:
    """Send nothing to a webhook any more. Fine if it was removed."""
    changes = {"disabled_at": timestamp(now()), "disabled_because": because}
    condition = "attribute_exists(pk) AND attribute_not_exists(disabled_at)"
    table.transact([table.update(key(webhook_id), changes, condition, {})], "disabling a webhook")


def enable(webhook_id: str) -> None:
    """Send to a webhook again. Fine if it was removed."""
    again = table.update(key(webhook_id), {}, "attribute_exists(pk)", {}, remove=("disabled_at", "disabled_because"))
    table.transact([again], "enabling a webhook")
