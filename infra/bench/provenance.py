"""What it costs to write down where a picture comes from, and how soon that is found again."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest import mock

from handlers import index_runs
from handlers.aws import clients, found_runs, records
from handlers.settings import settings
from infra.bench.chain import photo_and_mask, run_once
from infra.bench.figures import Figure, seconds_of
from infra.client import Client
from infra.local import environment, stack
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas.found_by import FoundRun, ModelPart, by_model, by_weights
from schemas.records import StageRecord, now
from schemas.stage import Stage

_WRITE_MS, _ANSWER_MS = 50, 150
_COPIES, _ASKED, _RUNS = 40, 40, 1000
_MODEL = ModelPart(name="bench", version="1", weights=["0" * 64], stages=[Stage.INPAINT], part="made")


def provenance_figures() -> Iterator[Figure]:
    """Measure on a stack that is gone afterwards."""
    with stack.temporary() as info, tempfile.TemporaryDirectory() as folder:
        client = Client.local(info)
        photo, mask = photo_and_mask(Path(folder))
        run_once(client, photo, mask, 0)  # functions and models are cold once
        seconds, asset = run_once(client, photo, mask, 1)
        with _as_a_function(info):
            yield from _writes(asset.asset_id, asset.run_id, seconds)
            yield _index(asset.asset_id)
        _fill(info)
        asked: dict[str, Callable[[], object]] = {
            "the provenance of one run": lambda: client.provenance.trace(asset.run_id),
            "50 of 1,000 runs of a model": lambda: next(client.provenance.find(model="bench@1", part="made")),
            "one run by its weights among 1,000": lambda: list(client.provenance.find(weights=f"{7:064x}")),
        }
        for name, ask in asked.items():
            yield _answer(name, ask)
        client.close()


def _writes(asset_id: str, run_id: str, seconds: float) -> Iterator[Figure]:
    """Write the stages of a real run down again and again, as of other assets."""
    stages = records.stages_of(asset_id, run_id)
    took = [_written(stage, f"a-{copy:024x}") for copy in range(_COPIES) for stage in stages]
    slow, median = statistics.quantiles(took, n=20)[-1], statistics.median(took)
    size = statistics.mean(len(stage.model_dump_json(exclude_none=True)) for stage in stages)
    detail = f"95 % of {len(took)}, median {1000 * median:.1f} ms; {size / 1024:.1f} KiB each"
    yield Figure("a stage written down", 1000 * slow, _WRITE_MS, "ms", detail)
    share = len(stages) * median / seconds
    detail = (
        f"{len(stages)} stages' median writes of a run of {seconds:.2f} s; it would be {1 - share:.3f} without them"
    )
    yield Figure("a run's time that goes into writing it down", 100 * share, float("inf"), "%", detail)


def _written(stage: StageRecord, asset_id: str) -> float:
    record = stage.model_copy(update={"asset_id": asset_id})
    began = time.perf_counter()
    records.add_stage(record)
    return time.perf_counter() - began


def _index(asset_id: str) -> Figure:
    """Index a run from nothing, which no stage waits for."""
    table, name = clients.client("dynamodb"), settings().table
    took, rows = [], 0
    for _ in range(10):
        places = found_runs.places_of(asset_id)
        for place in places.values():
            table.delete_item(TableName=name, Key={key: place[key] for key in ("pk", "sk")})
        began = time.perf_counter()
        index_runs.index(asset_id)
        took.append(time.perf_counter() - began)
        rows = len(places)
    detail = f"median of {len(took)}; {rows} places, after the outcome and beside it"
    return Figure("a run indexed", 1000 * statistics.median(took), float("inf"), "ms", detail)


def _fill(info: StackInfo) -> None:
    """Write down where a thousand runs are found."""
    start = now() - timedelta(days=40)
    with _as_a_function(info):
        for number in range(_RUNS):
            run = FoundRun(
                asset_id=f"a-{number:024x}",
                run_id=f"r-{number:040x}",
                key=f"bench/photo-{number}.jpg",
                recipe="remove-object@3",
                recipe_sha256="0" * 64,
                at=start + timedelta(minutes=number),
                status="DELIVERED",
                current=True,
                delivered=[f"assets/a-{number:024x}/0123456789abcdef0123/photo.jpg"],
                model=_MODEL,
            )
            for fact in (by_model("bench", "1"), by_weights(f"{number:064x}")):
                clients.client("dynamodb").put_item(TableName=settings().table, Item=found_runs.place(run, fact))


def _answer(name: str, ask: Callable[[], object]) -> Figure:
    slow, median = seconds_of(ask, _ASKED)
    return Figure(name, 1000 * slow, _ANSWER_MS, "ms", f"95 % of {_ASKED}, median {1000 * median:.0f} ms")


@contextmanager
def _as_a_function(info: StackInfo) -> Iterator[None]:
    """Be in the environment that the template gives the function which writes stages down."""
    aws = StackSession(info)
    found = aws.client("cloudformation").describe_stack_resource(
        StackName=info.stack_name, LogicalResourceId="SettleFunction"
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    given = aws.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    with mock.patch.dict(os.environ, {**environment.without_aws(os.environ), **given, **environment.for_clients(info)}):
        _forget()
        yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    clients.client.cache_clear()
