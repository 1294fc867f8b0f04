"""What the routes of what is taken back, or erased, are asked with, answer and refuse."""

from handlers.api.operation import Operation
from schemas.erasure import ErasureQuestion
from schemas.http import assets, erasures
from schemas.withdrawal import WithdrawalOrder

REMOVAL_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "/assets/<asset_id>/withdraw"): Operation(
        assets.AssetShown,
        sends=WithdrawalOrder,
        status=202,
        refuses={
            400: ("bad_request",),
            404: ("unknown_asset",),
            409: ("nothing_delivered", "delivering", "over"),
            503: ("record_conflict",),
        },
    ),
    ("DELETE", "/assets/<asset_id>"): Operation(
        erasures.ErasureShown,
        query=ErasureQuestion,
        status=202,
        refuses={
            400: ("bad_request",),
            404: ("unknown_asset",),
            409: ("delivering",),
            503: ("record_conflict",),
        },
    ),
    ("GET", "/erasures/<asset_id>"): Operation(erasures.ErasureShown, refuses={404: ("unknown_asset", "not_erased")}),
}
