"""A thousand waiting reviews: how long people wait for queue and item, and how soon a verdict is carried out."""

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

from handlers.aws import items
from infra.bench.figures import Figure, seconds_of
from infra.bench.page import page_figures
from infra.client import AssetView, Client, Job
from infra.demo.photographs import load
from infra.local import stack
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas.asset import Status
from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer
from schemas.proof import THUMBNAIL, proofs_folder
from schemas.records import ReviewRecord, now
from schemas.verdict import Opinion

_WAITING = 1000
_ASKED, _VERDICTS = 20, 5
_USABLE_SECONDS = 1.0
_CARRIED_OUT_SECONDS = 3.0
_RULES = ("confidence-below-threshold", "confidence-unknown", "guard-text", "guard-faces", "review-always")


def review_figures() -> Iterator[Figure]:
    """Measure on a stack that is gone afterwards."""
    with stack.temporary() as info, tempfile.TemporaryDirectory() as folder:
        client = Client.local(info)
        made = [_flagged(client, Path(folder), number) for number in range(_VERDICTS + 1)]
        _fill(info)
        shown = made[0]
        asked: dict[str, Callable[[], object]] = {
            "a page of the queue (50)": lambda: next(client.reviews.waiting()),
            "a page of a rare reason": lambda: next(client.reviews.waiting(rule="guard-faces")),
            "counts of the queue": client.reviews.counts,
            "an item of the queue": lambda: client.reviews.show(shown.asset_id, shown.run_id),
        }
        for name, ask in asked.items():
            yield _answer(name, ask)
        yield from page_figures(client.url.removesuffix("/signed"), shown)
        seconds = sorted(_carried_out(client, asset) for asset in made[1:])
        detail = f"slowest of {_VERDICTS}, median {statistics.median(seconds):.2f} s; nothing is rendered"
        yield Figure("from a verdict to the delivery", seconds[-1], _CARRIED_OUT_SECONDS, "s", detail)
        client.close()


def _answer(name: str, ask: Callable[[], object]) -> Figure:
    slow, median = seconds_of(ask, _ASKED)
    detail = f"95 % of {_ASKED}, median {median:.2f} s; {_WAITING} wait"
    return Figure(name, slow, _USABLE_SECONDS, "s", detail)


def _fill(info: StackInfo) -> None:
    """Write reviews down as the chain does, without having run it a thousand times."""
    table = StackSession(info).client("dynamodb")
    start = now() - timedelta(days=2)
    for first in range(0, _WAITING, 25):
        puts = [{"PutRequest": {"Item": items.review_item(_review(info, start, n))}} for n in range(first, first + 25)]
        table.batch_write_item(RequestItems={info.outputs["RecordsTable"]: puts})
    s3, thumbnail = StackSession(info).client("s3"), _thumbnail()
    for number in range(_WAITING // 5):  # the first pages: a row whose picture is missing asks for its review again
        key = proofs_folder(*_names(number)) + THUMBNAIL
        s3.put_object(Bucket=info.outputs["WorkBucket"], Key=key, Body=thumbnail, ContentType="image/jpeg")


def _names(number: int) -> tuple[str, str]:
    return f"a-{number:024x}", f"r-{number:040x}"


def _thumbnail() -> bytes:
    buffer = io.BytesIO()
    load("coffee.png").resize((256, 170)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _review(info: StackInfo, start: datetime, number: int) -> ReviewRecord:
    photo = S3Pointer(bucket=info.outputs["InboxBucket"], key=f"bench/photo-{number}.jpg", version_id="1")
    rule = _RULES[number % len(_RULES)]
    return ReviewRecord.model_validate(
        {
            "asset_id": _names(number)[0],
            "run_id": _names(number)[1],
            "opened_at": start + timedelta(minutes=number),
            "rank": 1 if rule.startswith("guard-") else 2,
            "recipe": "remove-object@3",
            "name": f"photo-{number}.jpg",
            "rule": rule,
            "reason": "Confidence 0.41 is below 0.80.",
            "confidence": (number % 100) / 100,
            "before": photo,
            "after": photo,
        }
    )


def _flagged(client: Client, folder: Path, number: int) -> AssetView:
    """Have a picture done that no model here can be trusted with."""
    picture = load("coffee.png").resize((300, 200))
    picture.putpixel((0, 0), (number, 0, 0))
    mask = Image.new("L", picture.size)
    mask.paste(255, (60, 40, 200, 140))
    photo, hole = folder / f"flagged-{number}.png", folder / f"flagged-{number}.mask.png"
    picture.save(photo)
    mask.save(hole)
    path = f"bench/{photo.name}"
    client.upload_mask(path, hole, recipe="remove-object")
    asset_id = client.upload(path, photo, Job(recipe="remove-object", rights="owned"))
    asset = client.wait([asset_id])[asset_id]
    if asset.status is not Status.AWAITING_REVIEW:
        raise PermanentFailure(f"The picture for the bench was not flagged: {asset.outcome}.", code="bench")
    return asset


def _carried_out(client: Client, asset: AssetView) -> float:
    """Seconds from an approval to the outcome of the run that it starts."""
    began = time.monotonic()
    client.reviews.decide(asset.asset_id, asset.run_id, Opinion(verdict="approve"))
    done = client.wait([asset.asset_id])[asset.asset_id]
    took = time.monotonic() - began
    if done.status is not Status.DELIVERED:
        raise PermanentFailure(f"What was approved was not delivered: {done.outcome}.", code="bench")
    return took
