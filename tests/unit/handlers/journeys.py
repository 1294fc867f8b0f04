"""Short ways to a run that is under way, as the handlers themselves would have brought it there."""

from datetime import timedelta

from handlers import orders
from handlers.aws import items, records, storage
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.pointers import Box, Point, S3Pointer
from schemas.recipe import Recipe
from schemas.records import AssetRecord, now
from schemas.rendered import RenderedFile, RenderResult
from schemas.renditions import Master, masters, rendered_key
from schemas.run import Run, RunState, StageSummary
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


def at_delivery(run: Run, *stages: Stage | tuple[Stage, StageSummary]) -> RunState:
    """Bring a run to its delivery: every stage has left its files in the work bucket, the last one what to deliver."""
    return with_renditions(made(run, *stages))


def made(run: Run, *stages: Stage | tuple[Stage, StageSummary]) -> RunState:
    """Bring a run as far as its route: every stage has left its files in the work bucket."""
    state = documents.state(run, *(stages or (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)))
    for summary in state.results.values():
        for output in summary.outputs.values():
            _leave(output)
    return state


def with_renditions(state: RunState) -> RunState:
    """Let the render stage have left every picture of a run as it was made."""
    files = [_render(state, master) for master in masters(state)]
    place = S3Pointer(bucket=documents.WORK, key=rendered_key(state.run.run_id, "result.json"))
    storage.write_text(place, RenderResult(renditions=files).model_dump_json())
    summary = StageSummary(result=place, model="render", outputs={file.name: file.file for file in files})
    return state.model_copy(update={"results": {**state.results, Stage.RENDER: summary}})


def _render(state: RunState, master: Master) -> RenderedFile:
    which = {"Bucket": master.source.bucket, "Key": master.source.key}
    if master.source.version_id:
        which["VersionId"] = master.source.version_id
    body = client("s3").get_object(**which)["Body"].read()
    place = S3Pointer(bucket=documents.WORK, key=rendered_key(state.run.run_id, master.name))
    client("s3").put_object(Bucket=place.bucket, Key=place.key, Body=body)
    return RenderedFile(
        **master.model_dump(include={"name", "purpose", "media_type", "width", "height"}),
        file=place.model_copy(update={"sha256": master.source.sha256}),
        size_bytes=len(body),
        unsigned_sha256=str(master.source.sha256),
    )


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
