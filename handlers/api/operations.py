"""What each route is asked with, answers and refuses: the table behind the OpenAPI document.

Who may ask and what a route does is said where the route is, by ``callers.needs`` and its docstring.
"""

from handlers.api.asset_operations import ASSET_OPERATIONS, JOB, ORDERED
from handlers.api.delivery_operations import DELIVERY_OPERATIONS
from handlers.api.operation import Codes, Operation
from handlers.api.previews import PreviewRequest
from handlers.api.provenance_operations import PROVENANCE_OPERATIONS
from handlers.api.removal_operations import REMOVAL_OPERATIONS
from handlers.api.replay_operations import REPLAY_OPERATIONS
from handlers.api.webhook_operations import WEBHOOK_OPERATIONS
from schemas.batch import BatchOrder
from schemas.bulk import Bulk
from schemas.hook import HookRequest
from schemas.http import (
    assets,
    batches,
    costs,
    fetches,
    hooks,
    item,
    people,
    previews,
    questions,
    recipes,
    reviews,
    runs,
)
from schemas.http.answer import Empty, Health
from schemas.redo import Changes
from schemas.verdict import Opinion

_PICTURES = ("unknown_type", "truncated", "too_many_pixels", "bad_dimensions", "several_frames", "unsupported_mode")
_ARTWORK = ("bad_mark_name", "empty", "too_many_bytes", "artwork_type", "blank_artwork", "too_many_marks", *_PICTURES)
_BATCH: Codes = {404: ("unknown_batch",)}
_RUN: Codes = {404: ("unknown_run",)}
_HOOK: Codes = {404: ("unknown_hook",)}
_REVIEW: Codes = {404: ("unknown_review",)}
_LOST: Codes = {**_REVIEW, 409: ("claimed", "decided", "superseded"), 422: ("no_parent_state",)}
_REDO: Codes = {**_LOST, 400: ("bad_request", "redo", "mask_empty", "bad_box", "bad_point")}
_NO_RECIPE: Codes = {404: ("unknown_recipe",)}
_ONE = "/reviews/<asset_id>/<run_id>"

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/health"): Operation(Health),
    ("GET", "/openapi.json"): Operation("application/json"),
    ("GET", "/docs"): Operation("text/html; charset=utf-8"),
    ("GET", "/events/schema"): Operation("application/schema+json"),
    ("GET", "/me"): Operation(people.Me),
    ("GET", "/recipes"): Operation(recipes.RecipeList),
    ("GET", "/recipes/schema"): Operation("application/json"),
    ("GET", "/recipes/by-hash/<sha256>"): Operation(recipes.KeptRecipeShown, refuses=_NO_RECIPE),
    ("GET", "/recipes/<recipe>"): Operation(recipes.RecipeShown, refuses=_NO_RECIPE),
    ("GET", "/recipes/<recipe>/versions"): Operation(
        recipes.RecipeHistory, query=questions.VersionQuestion, refuses={**_NO_RECIPE, 400: ("bad_cursor",)}
    ),
    ("PUT", "/recipes/<recipe>"): Operation(
        recipes.RecipeAnswer,
        sends=("application/yaml", "application/json"),
        refuses={
            400: ("bad_recipe", "bad_recipe_name", "too_many_recipes"),
            409: ("version_conflict",),
            412: ("changed_meanwhile",),
        },
    ),
    **ASSET_OPERATIONS,
    ("POST", "/batches"): Operation(
        batches.BatchDetail, sends=BatchOrder, status=202, refuses={400: ("bad_request", "unknown_recipe")}
    ),
    ("GET", "/batches"): Operation(batches.BatchPage, query=batches.BatchQuestion, refuses={400: ("bad_cursor",)}),
    ("GET", "/batches/<batch_id>"): Operation(batches.BatchDetail, refuses=_BATCH),
    ("GET", "/batches/<batch_id>/items"): Operation(
        batches.ItemPage, query=batches.ItemQuestion, refuses={400: ("bad_status", "bad_cursor"), **_BATCH}
    ),
    ("DELETE", "/batches/<batch_id>"): Operation(batches.BatchDetail, refuses={**_BATCH, 409: ("over",)}),
    ("POST", "/batches/<batch_id>/resume"): Operation(
        batches.BatchDetail, status=202, refuses={**_BATCH, 409: ("under_way", "over")}
    ),
    ("GET", "/fetches/<fetch_id>"): Operation(fetches.FetchShown, refuses={404: ("unknown_fetch",)}),
    ("GET", "/hooks"): Operation(hooks.HookList),
    ("PUT", "/hooks/<hook>"): Operation(
        hooks.HookMade,
        sends=HookRequest,
        refuses={400: ("bad_request", "bad_hook_name", "bad_secret", *JOB, "unknown_mark")},
    ),
    ("DELETE", "/hooks/<hook>"): Operation(hooks.HookShown, refuses=_HOOK),
    ("POST", "/hooks/<hook>/rotate"): Operation(hooks.HookMade, refuses=_HOOK),
    ("POST", "/hooks/<hook>"): Operation(
        hooks.EventTaken,
        sends="application/json",
        status=202,
        refuses={
            400: ("bad_event", "host_not_allowed", "bad_url", "private_address", "job_too_long", *JOB),
            401: ("bad_signature",),
            422: ("aws_refused", "bad_record", "settings", "no_recipes", "bad_recipe"),
            503: ("aws_unavailable", "aws_unreachable", "queue_busy", "unreachable"),
            **_HOOK,
        },
    ),
    ("GET", "/marks"): Operation(assets.MarkList),
    ("GET", "/marks/<name>"): Operation(assets.MarkDetail, refuses={404: ("unknown_mark",)}),
    ("PUT", "/marks/<name>"): Operation(assets.MarkShown, sends="image/png", refuses={400: _ARTWORK}),
    ("DELETE", "/marks/<name>"): Operation(assets.MarkShown, refuses={404: ("unknown_mark",)}),
    ("GET", "/reviews"): Operation(
        reviews.ReviewPage,
        query=questions.ReviewQuestion,
        refuses={400: ("bad_request", "bad_cursor", "bad_limit")},
    ),
    ("GET", "/reviews/counts"): Operation(reviews.QueueCounts),
    ("POST", "/reviews/approve"): Operation(
        reviews.ApprovedMany, sends=Bulk, refuses={400: ("bad_request", "mixed_reasons"), **_REVIEW}
    ),
    ("GET", _ONE): Operation(item.ReviewItem, refuses=_REVIEW),
    ("POST", f"{_ONE}/claim"): Operation(reviews.Held, refuses={**_REVIEW, 409: ("claimed", "decided")}),
    ("DELETE", f"{_ONE}/claim"): Operation(Empty, refuses=_REVIEW),
    ("POST", f"{_ONE}/verdict"): Operation(
        reviews.Decision,
        sends=Opinion,
        refuses={
            **_LOST,
            400: ("bad_request", "nothing_to_approve"),
            409: (*_LOST[409], "already_judged", "same_person"),
        },
    ),
    ("POST", f"{_ONE}/redo"): Operation(reviews.RunStarted, sends=Changes, refuses=_REDO),
    ("POST", f"{_ONE}/trials"): Operation(reviews.RunStarted, sends=Changes, refuses=_REDO),
    ("GET", f"{_ONE}/trials/<trial_id>"): Operation(reviews.Trial, refuses={404: ("unknown_review", "unknown_trial")}),
    ("GET", f"{_ONE}/trail"): Operation(reviews.Trail, refuses=_REVIEW),
    ("GET", "/costs"): Operation(
        costs.Costs, query=questions.CostQuestion, refuses={400: ("bad_days", "bad_by"), 422: ("bad_prices",)}
    ),
    ("POST", "/previews"): Operation(
        previews.PreviewStarted,
        sends=PreviewRequest,
        status=202,
        refuses={
            400: ("bad_request", "no_preview", *ORDERED),
            404: ("unknown_asset",),
            409: ("superseded",),
        },
    ),
    ("GET", "/previews/<asset_id>/<run_id>"): Operation(
        previews.PreviewShown, refuses={404: ("unknown_preview",), 422: ("bad_result",)}
    ),
    ("GET", "/runs/<run_id>"): Operation(runs.RunShown, refuses=_RUN),
    ("DELETE", "/runs/<run_id>"): Operation(runs.RunShown, refuses={**_RUN, 409: ("over", "delivering")}),
    ("GET", "/verdicts"): Operation(
        reviews.VerdictPage, query=questions.VerdictQuestion, refuses={400: ("bad_cursor",)}
    ),
    **PROVENANCE_OPERATIONS,
    **REPLAY_OPERATIONS,
    **DELIVERY_OPERATIONS,
    **REMOVAL_OPERATIONS,
    **WEBHOOK_OPERATIONS,
    ("GET", "/review"): Operation(None, status=308),
    ("GET", "/review/config.json"): Operation(people.SignIn),
    ("GET", "/review/.*"): Operation(
        "*/*", refuses={404: ("unknown_path",)}, also={304: "The browser's copy is still good."}
    ),
}
