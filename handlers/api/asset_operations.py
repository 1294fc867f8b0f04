"""What routes about assets are asked with, answer and refuse: a part of the table in ``operations.py``."""

from handlers.api.assets import RunRequest
from handlers.api.operation import Operation
from handlers.api.uploads import AssetRequest
from schemas.http import assets, credentials, fetches, life, questions, runs

JOB = ("unknown_recipe", "bad_path", "job_too_long", "prompt_not_used", "bad_scale", "bad_tier")
"""What may be wrong with a job, whoever brings it."""
ORDERED = (*JOB[:1], *JOB[3:], "unknown_mark", "mask_missing", "bad_box", "bad_point", "bad_url", "private_address")
"""What may be wrong with one that starts a run at once."""

ASSET_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", "/assets"): Operation(
        assets.UploadForm,
        sends=AssetRequest,
        also={202: fetches.FetchShown},
        refuses={
            400: ("bad_request", *JOB, "unknown_mark", "too_many_bytes", "bad_url", "private_address"),
            503: ("unreachable",),
        },
    ),
    ("GET", "/assets"): Operation(
        assets.AssetPage,
        query=questions.AssetQuestion,
        refuses={400: ("bad_status", "bad_filter", "bad_cursor"), 404: ("unknown_asset",)},
    ),
    ("POST", "/assets/<asset_id>/runs"): Operation(
        runs.RunShown,
        sends=RunRequest,
        status=202,
        refuses={
            400: ("bad_request", "bad_entry", *ORDERED),
            404: ("unknown_asset",),
            409: ("under_way", "superseded", "withdrawing", "erased"),
            422: ("no_parent_state",),
        },
    ),
    ("GET", "/assets/<asset_id>"): Operation(assets.AssetDetail, refuses={404: ("unknown_asset",)}),
    ("GET", "/assets/<asset_id>/page"): Operation(None, status=302, refuses={404: ("unknown_asset",)}),
    ("GET", "/assets/<asset_id>/credentials"): Operation(
        credentials.AssetCredentials, refuses={404: ("unknown_asset",), 503: ("check_failed",)}
    ),
    ("GET", "/assets/<asset_id>/life"): Operation(life.AssetLife, refuses={404: ("unknown_asset",)}),
    ("POST", "/assets/<asset_id>/miniatures"): Operation(
        life.MiniaturesAsked, status=202, refuses={404: ("unknown_asset",), 503: ("event_refused",)}
    ),
}
