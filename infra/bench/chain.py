"""One photo through a warm stack: what the chain costs beside its models, and what it leaves alone."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from infra.bench.figures import Figure
from infra.client import AssetView, Client, Job
from infra.demo.photographs import load
from infra.local import stack
from schemas.errors import PermanentFailure

_RUNS = 5
_READY_SECONDS = 15
_OVERHEAD_SECONDS = 1.5


def chain_figures() -> Iterator[Figure]:
    """Measure on a stack that is gone afterwards."""
    began = time.monotonic()
    with stack.temporary() as info, tempfile.TemporaryDirectory() as folder:
        yield Figure("stack ready", time.monotonic() - began, _READY_SECONDS, "s", "one start, empty state")
        client = Client.local(info)
        photo, mask = photo_and_mask(Path(folder))
        run_once(client, photo, mask, 0)  # functions and models are cold once
        runs = [run_once(client, photo, mask, number) for number in range(1, _RUNS + 1)]
        overheads = [seconds - _model_seconds(asset) for seconds, asset in runs]
        detail = f"median of {_RUNS}; {statistics.median(seconds for seconds, _ in runs):.2f} s with the models"
        yield Figure(
            "one 512 px photo, beside its models", statistics.median(overheads), _OVERHEAD_SECONDS, "s", detail
        )
        changed = sum(_changed_outside(client, asset, photo, mask) for _, asset in runs)
        yield Figure("pixels changed outside the mask", changed, 0, "px", f"in {_RUNS} delivered PNG files")
        client.close()


def photo_and_mask(folder: Path) -> tuple[Path, Path]:
    """Write a photograph with a black bar across it, and the bar's mask."""
    picture = load("astronaut.png")
    picture.paste("black", (310, 60, 370, 63))
    mask = Image.new("L", picture.size)
    mask.paste(255, (308, 58, 372, 65))
    picture.save(folder / "photo.png")
    mask.save(folder / "mask.png")
    return folder / "photo.png", folder / "mask.png"


def run_once(client: Client, photo: Path, mask: Path, number: int) -> tuple[float, AssetView]:
    """Upload and wait; one pixel is another in each run, for an answer that exists already costs nothing."""
    varied = photo.with_name(f"photo-{number}.png")
    with Image.open(photo) as picture:
        picture.putpixel((511, 0), (number, 0, 0))
        picture.save(varied)
    client.upload_mask(f"bench/{varied.name}", mask)
    began = time.monotonic()
    asset_id = client.upload(f"bench/{varied.name}", varied, Job(rights="owned"))
    asset = client.wait([asset_id], timeout=120)[asset_id]
    seconds = time.monotonic() - began
    if not asset.outcome or not asset.outcome.renditions:
        reason = asset.outcome.reason if asset.outcome else "no outcome"
        raise PermanentFailure(f"The photo was not delivered: {reason}", code="bench")
    return seconds, asset


def _model_seconds(asset: AssetView) -> float:
    return sum(stage.model_seconds or 0 for stage in asset.stages)


def _changed_outside(client: Client, asset: AssetView, photo: Path, mask: Path) -> int:
    """Count pixels of the delivered file that differ where the supplied mask is zero."""
    number = asset.source.key.rpartition("-")[2]
    before = np.asarray(_opened(photo.with_name(f"photo-{number}")))
    delivered = photo.with_name("delivered.png")
    client.download(asset.links["delivered.native"], delivered)
    outside = np.asarray(_opened(mask))[..., 0] == 0
    return int((before != np.asarray(_opened(delivered))).any(axis=2)[outside].sum())


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")
