"""The figures of a flood of uploads."""

import secrets
from collections.abc import Callable, Iterator

from botocore.credentials import Credentials

from infra.bench.doors.asking import Asking, spread
from infra.bench.doors.flood import Flood
from infra.bench.figures import Figure
from infra.client.transport import MACHINES, Transport
from infra.local import stack
from infra.local.environment import ACCESS_KEY, SECRET_KEY
from infra.local.info import StackInfo
from schemas.asset import Status

UPLOADS = 1000
_ANSWER_MS = 150
STUBS = "infra.bench.doors.stub_models"
"""The serving program with models that answer at once; an option of the local stack."""


def door_figures(uploads: int = UPLOADS) -> Iterator[Figure]:
    """Measure on a stack with stub models that is gone afterwards."""
    with stack.temporary(stack.Options(container=STUBS)) as info:
        first, flood = Flood(info, "first", 1), Flood(info, "flood", uploads)
        first.pour()  # functions are cold once
        with Asking(requests(info, next(iter(first.assets)))) as asking:
            flood.pour()
        for name, took in asking.took.items():
            median, slow, slowest = (1000 * seconds for seconds in spread(took))
            detail = f"95 % of {len(took)} meanwhile; median {median:.0f} ms, slowest {slowest:.0f} ms"
            yield Figure(name, slow, _ANSWER_MS, "ms", detail)
        wrong = flood.astray()
        detail = ", ".join(f"{count} x {what}" for what, count in wrong.items())
        yield Figure("uploads without exactly one run, outcome and delivery", wrong.total(), 0, "uploads", detail)
        seconds = flood.settled_seconds
        detail = f"{uploads / seconds:.1f} a second; put into the bucket in {flood.uploaded_seconds:.0f} s"
        yield Figure(f"{uploads} uploads to their outcomes", seconds, float("inf"), "s", detail)


def requests(info: StackInfo, asset_id: str) -> dict[str, Callable[[], object]]:
    """What is asked of the API meanwhile: a list, one asset in all detail, and a form to upload another."""
    api = Transport(info.api_url + MACHINES, Credentials(ACCESS_KEY, SECRET_KEY), info.region)
    return {
        "a page of assets": lambda: api.get("/assets", status=Status.DELIVERED),
        "one asset": lambda: api.get(f"/assets/{asset_id}"),
        "an upload form": lambda: api.post("/assets", {"path": f"asked/{secrets.token_hex(8)}.png"}),
    }
