"""DynamoDB: the hooks of this deployment, all in one partition."""

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.hook import HookRecord

HOOKS = "HOOKS"
"""The partition of all hooks. The API's role names it: template.yaml."""


def key(name: str) -> dict[str, str]:
    """Key of a hook."""
    return {"pk": HOOKS, "sk": name}


def find(name: str) -> HookRecord | None:
    """Read a hook."""
    found = table.get(key(name))
    return table.checked(HookRecord, found) if found else None


def every() -> list[HookRecord]:
    """List the hooks, by name."""
    return table.query(HookRecord, "pk = :pk", {":pk": HOOKS}, "listing hooks")


def put(hook: HookRecord) -> None:
    """Write a hook down, in the place of what had its name."""
    table.transact([table.put(items.to_item(hook, key(hook.name)))], "recording a hook")


def remove(name: str) -> None:
    """Take a hook away."""
    wire = items.wired(key(name))
    with translated("removing a hook"):
        client("dynamodb").delete_item(TableName=settings().table, Key=wire)
