"""DynamoDB: the versions of recipes that were published, and every recipe that a run used.

Recipes are kept as text: nothing in them is ever asked for alone, and a number stays as it was written.
"""

from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.observability import logger
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.published import MOST_VERSIONS, KeptRecipe, PublishedRecipe
from schemas.recipe import Recipe
from schemas.records import now, timestamp

LATEST, VERSIONS, SHIPPED = "RECIPES", "RECIPE_VERSIONS", "RECIPES_SHIPPED"
"""Partitions of the latest version of each name, of all that were published, and of those that ever shipped and were
used. Roles name them: template.yaml."""
KEPT = "RECIPE#"
"""What the partition of a recipe that was used begins with; its hash follows."""


def latest(name: str) -> PublishedRecipe | None:
    """Read the version of a name that was published last."""
    return _published(table.get({"pk": LATEST, "sk": name}))


def find(name: str, version: int) -> PublishedRecipe | None:
    """Read one version."""
    return _published(table.get(_version_key(VERSIONS, name, version)))


def find_shipped(name: str, version: int) -> PublishedRecipe | None:
    """Read a version that shipped once and was used."""
    return _published(table.get(_version_key(SHIPPED, name, version)))


def all_latest() -> list[PublishedRecipe]:
    """List the latest version of every name, by name. One that cannot be read is left out: it must not hide others."""
    with translated("listing recipes"):
        pages = client("dynamodb").get_paginator("query").paginate(**_query("pk = :pk", {":pk": LATEST}))
        return [each for page in pages for item in page["Items"] if (each := _readable(item))]


def versions(name: str, *, before: int | None, limit: int = 50) -> tuple[list[PublishedRecipe], int | None]:
    """List versions of a name, the latest first, and the last of them where there are more."""
    low = _version_key(VERSIONS, name, 0)
    high = _version_key(VERSIONS, name, (before or MOST_VERSIONS + 1) - 1)
    values = {":pk": VERSIONS, ":low": low["sk"], ":high": high["sk"]}
    asked = _query("pk = :pk AND sk BETWEEN :low AND :high", values)
    with translated("listing versions of a recipe"):
        page = client("dynamodb").query(**asked, ScanIndexForward=False, Limit=limit)
    last = page["Items"][-1]["sk"]["S"].partition("@")[2] if "LastEvaluatedKey" in page else None
    return [each for item in page["Items"] if (each := _readable(item))], int(last) if last else None


def publish(new: PublishedRecipe, *, replaces: PublishedRecipe | None) -> bool:
    """Write a version down as the latest; ``False``, and no change, if another one became that since ``replaces``."""
    head = table.put(_item(new, {"pk": LATEST, "sk": new.recipe.name}), new=replaces is None)
    if replaces is not None:
        head["Put"]["ConditionExpression"] = "sha256 = :seen"
        head["Put"]["ExpressionAttributeValues"] = {":seen": items.to_wire(replaces.sha256)}
    key = _version_key(VERSIONS, new.recipe.name, new.recipe.version)
    return table.transact([head, table.put(_item(new, key), new=True)], "publishing a recipe")


def keep_shipped(version: PublishedRecipe) -> None:
    """Keep a version that ships, so that it has its name also when another ships; one that is kept already stays."""
    key = _version_key(SHIPPED, version.recipe.name, version.recipe.version)
    table.put_new(_item(version, key), "keeping a recipe")


def keep(recipe: Recipe) -> None:
    """Keep a recipe by its hash; one that is kept already stays."""
    document = {"document": _text(recipe), "kept_at": timestamp(now())}
    key = {"pk": f"{KEPT}{recipe.sha256}", "sk": "RECIPE"}
    table.put_new(items.wired({**key, **document}), "keeping a recipe")


def kept(sha256: str) -> KeptRecipe | None:
    """Find a recipe by its hash."""
    found = table.get({"pk": f"{KEPT}{sha256}", "sk": "RECIPE"})
    if found is None:
        return None
    return table.checked(KeptRecipe, {"sha256": sha256, "recipe": _read(found), "kept_at": found.get("kept_at")})


def _query(condition: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "TableName": settings().table,
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": items.wired(values),
        "ConsistentRead": True,
    }


def _version_key(partition: str, name: str, version: int) -> dict[str, str]:
    """Key of a version. Digits are filled up, so that they sort as numbers do."""
    return {"pk": partition, "sk": f"{name}@{version:06}"}


def _item(published: PublishedRecipe, key: dict[str, str]) -> items.Item:
    facts = published.model_dump(mode="json", exclude={"recipe"}, exclude_none=True)
    written = {**key, **facts, "document": _text(published.recipe)}
    return items.wired(written)


def _published(found: dict[str, Any] | None) -> PublishedRecipe | None:
    if found is None:
        return None
    facts = {name: value for name, value in found.items() if name != "document"}
    return table.checked(PublishedRecipe, {**facts, "recipe": _read(found)})


def _readable(item: items.Item) -> PublishedRecipe | None:
    try:
        return _published(items.from_item(item))
    except PermanentFailure:
        logger.error("unreadable recipe", extra={"recipe": item["sk"]["S"]})
        return None


def _text(recipe: Recipe) -> str:
    """Write a recipe as it is hashed, so that whoever keeps the text can check the hash."""
    return recipe.canonical


def _read(found: dict[str, Any]) -> Recipe:
    try:
        return Recipe.model_validate_json(str(found["document"]))
    except (KeyError, ValueError):
        raise PermanentFailure("A recipe in the table cannot be read.", code="bad_record") from None
