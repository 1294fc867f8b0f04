"""DynamoDB: people's verdicts, which are added and never changed, in a partition of their own."""

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.verdict import Verdict

_PAGE = 200


def putting(verdict: Verdict) -> table.Write:
    """Write down a verdict, for `table.transact`; a person gives one on a run, once."""
    return table.put(items.verdict_item(verdict), new=True)


def find(run_id: str, who: str) -> Verdict | None:
    """Read a person's verdict on a run."""
    found = table.get(items.verdict_key(run_id, who))
    return table.checked(Verdict, found) if found else None


def of_run(run_id: str) -> list[Verdict]:
    """Read all verdicts on a run, the oldest first."""
    values = {":pk": items.VERDICTS, ":prefix": f"{run_id}#"}
    found = table.query(Verdict, "pk = :pk AND begins_with(sk, :prefix)", values, "reading verdicts")
    return sorted(found, key=lambda verdict: verdict.given_at)


def page(after: str | None = None, limit: int = _PAGE) -> tuple[list[Verdict], str | None]:
    """List verdicts, in no order that means anything, and where the next page starts."""
    values = {":pk": items.to_wire(items.VERDICTS)}
    condition = "pk = :pk"
    if after:
        condition += " AND sk > :after"
        values[":after"] = items.to_wire(after)
    with translated("listing verdicts"):
        found = client("dynamodb").query(
            TableName=settings().table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
            Limit=limit,
        )
    rows = found["Items"]
    verdicts = [table.checked(Verdict, items.from_item(row)) for row in rows]
    return verdicts, rows[-1]["sk"]["S"] if "LastEvaluatedKey" in found and rows else None
