"""What routes about delivered files are asked with, answer and refuse: a part of the table in ``operations.py``."""

from handlers.api.operation import Operation
from schemas.http.copies import CopyOrdered
from schemas.http.links import DeliveredLinks
from schemas.signed_link import LinkQuestion

DELIVERY_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/assets/<asset_id>/links"): Operation(
        DeliveredLinks,
        query=LinkQuestion,
        refuses={
            400: ("bad_request",),
            404: ("unknown_asset",),
            409: ("nothing_delivered",),
            422: ("link_secret",),
        },
    ),
    ("POST", "/assets/<asset_id>/copies"): Operation(
        CopyOrdered,
        status=202,
        refuses={404: ("unknown_asset",), 409: ("no_second_target",), 503: ("queue_busy",)},
    ),
    ("GET", "/manifests/schema"): Operation("application/schema+json"),
}
