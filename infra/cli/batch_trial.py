"""The trial of a batch in the deployment: a few pictures are done; what came of them is shown; somebody decides."""

from typing import TYPE_CHECKING

from infra.cli import trying
from infra.cli.console import say
from infra.report.record import Record, item_record

if TYPE_CHECKING:
    from infra.client import Client
    from schemas.http.batches import BatchDetail, ItemShown


def decide(client: "Client", batch: "BatchDetail", *, yes: bool) -> bool:
    """Show what came of the pictures that were tried, ask, and go on if that is wanted.

    Parameters
    ----------
    batch
        One that was tried.
    yes
        Go on without asking.

    Returns
    -------
    bool
        Whether it goes on. If not, it stays as it is, and the user is told how to go on or stop.
    """
    rest = batch.progress.left or 0
    items = sorted(client.batches.items(batch.batch_id), key=lambda item: item.key)
    for line in trying.told([_record(client, item) for item in items], rest):
        say(line)
    if yes or trying.agreed(rest):
        client.batches.resume(batch.batch_id)
        return True
    say(f"The other {rest} wait. `cleanplate batch resume {batch.batch_id}` does them, `batch stop` ends it.")
    return False


def _record(client: "Client", item: "ItemShown") -> Record:
    """Describe a picture as the batch knows it, with the time of its stages: it may have lain in the inbox for days."""
    asset = client.asset(item.asset_id) if item.asset_id else None
    stages = asset.stages if asset else []
    return {**item_record(item), "seconds": sum(stage.seconds for stage in stages) if stages else None}
