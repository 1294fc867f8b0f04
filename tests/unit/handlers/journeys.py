"""Short ways to a run that is under way, as the handlers themselves would have brought it there."""

from datetime import timedelta

from handlers import orders
from handlers.aws import items, records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.pointers import Box, Point, S3Pointer
from schemas.recipe import Recipe
from schemas.records import AssetRecord, now
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents


def begin(
    source: S3Pointer,
    recipe: Recipe = documents.FIND,
    *,
    mask: S3Pointer | None = None,
    box: Box | None = None,
    point: Point | None = None,
) -> Run:
    """Write a run down for an upload and start it, taking over from any other."""
    run = documents.run(recipe, source, mask=mask, box=box, point=point)
    orders.launch(run, 1000, replaces=records.find_asset(run.asset_id))
    return run


def standing(run: Run) -> AssetRecord:
    """Read how the asset of a run stands."""
    asset = records.find_asset(run.asset_id)
    assert asset is not None
    return asset


def at_delivery(run: Run, *stages: Stage) -> RunState:
    """Bring a run to its delivery: every stage has left its files in the work bucket."""
    state = documents.state(run, *(stages or (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)))
    for summary in state.results.values():
        for output in summary.outputs.values():
            _leave(output)
    return state


def _leave(output: S3Pointer) -> None:
    client("s3").put_object(Bucket=output.bucket, Key=output.key, Body=b"made of " + output.key.encode())


def write_assets(count: int, status: Status) -> list[str]:
    """Write assets down that stand alike, three at each moment; return their names in that order."""
    start = now()
    names = [f"a-{number:024x}" for number in range(count)]
    for number, name in enumerate(names):
        moment = start + timedelta(seconds=number // 3)
        asset = AssetRecord(
            asset_id=name,
            source=documents.PHOTO,
            size_bytes=1,
            status=status,
            created_at=moment,
            updated_at=moment,
        )
        client("dynamodb").put_item(TableName="records", Item=items.asset_item(asset))
    return names
