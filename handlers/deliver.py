"""Deliver: put the files where the CDN reads them, and say in one manifest which are current.

Files are named by their content and never change; only the small manifest does, atomically, and only for the run that
is still the current one of the latest upload (rules 3 and 11).
"""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import provenance
from handlers.aws import events, manifests, records, storage
from handlers.aws.reviews import keeping
from handlers.observability import count, logger, metrics
from handlers.prices import cost_of
from handlers.render import rendered
from handlers.reviews import audit_of, opening
from handlers.settings import settings
from schemas import keys
from schemas.asset import Status
from schemas.pointers import S3Pointer
from schemas.policy import Route
from schemas.records import Outcome, now, timestamp
from schemas.rendered import RenderedFile
from schemas.rendition import Rendition
from schemas.routing import lowest_confidence, route_of
from schemas.run import Run, RunState
from schemas.stage import Stage

_FOREVER = "public, max-age=31536000, immutable"

_SUPERSEDED = Outcome(
    status=Status.SUPERSEDED, code="superseded", reason="A newer upload or mask took this one's place."
)


def deliver(state: RunState) -> Outcome:
    """Deliver what a run made; a run that was overtaken delivers nothing and says so.

    Asked again after it was done, it gives the recorded outcome and changes nothing.
    """
    started, run = now(), state.run
    record = records.find_run(run.asset_id, run.run_id)
    if record and record.outcome:
        return record.outcome
    # From here on nobody can cancel it: what was cancelled before delivers nothing, and what was not is delivered.
    if not records.enter_stage(run.asset_id, run.run_id, Stage.DELIVER):
        return _overtaken(run)
    renditions = [_copy(run, file) for file in rendered(state).renditions]
    outcome = _delivered(state, renditions) if _publish(run, renditions, started) else _SUPERSEDED
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.DELIVER,
            started,
            outputs={r.name: S3Pointer(bucket=settings().delivery_bucket, key=r.key) for r in renditions},
            decision=outcome.status.value,
            rule=outcome.rule,
            ruling=run.ruling,
            delivered=[rendition.key for rendition in outcome.renditions],
            note=outcome.reason,
        )
    )
    review = audit_of(state, outcome) if outcome.status is Status.DELIVERED else None
    if records.conclude(run.asset_id, run.run_id, outcome, opening(review, state) if review else [keeping(state)]):
        count(outcome.status.title().replace("_", ""))
        if review is not None:
            events.announce(review)
    return outcome


def _overtaken(run: Run) -> Outcome:
    """Write down that another run took this one's place, unless it was cancelled."""
    records.conclude(run.asset_id, run.run_id, _SUPERSEDED)
    record = records.find_run(run.asset_id, run.run_id)
    return record.outcome if record and record.outcome else _SUPERSEDED


def _copy(run: Run, file: RenderedFile) -> Rendition:
    rendition = file.rendition(run.asset_id, run.source.key)
    target = S3Pointer(bucket=settings().delivery_bucket, key=rendition.key)
    if storage.head(target.bucket, target.key) is None:
        storage.copy(file.file, target, content_type=rendition.media_type, cache_control=_FOREVER)
    return rendition


def _publish(run: Run, renditions: list[Rendition], moment: datetime) -> bool:
    """Write the manifest, unless the run is no longer the current one."""
    origin = keys.origin_of(run.source.key)
    manifest = {
        "version": 1,
        "asset_id": run.asset_id,
        "run_id": run.run_id,
        "source": {"key": run.source.key, "version_id": run.source.version_id},
        **({"origin": {"bucket": origin[0], "key": origin[1]}} if origin else {}),
        "recipe": run.recipe.reference,
        "recipe_sha256": run.recipe.sha256,
        "delivered_at": timestamp(moment),
        "renditions": [rendition.model_dump(mode="json") for rendition in renditions],
    }
    pointer = S3Pointer(bucket=settings().delivery_bucket, key=keys.manifest_key(run.source.key))
    return manifests.replace(pointer, manifest, while_true=lambda: _is_current(run))


def _is_current(run: Run) -> bool:
    asset = records.find_asset(run.asset_id)
    latest = storage.head(run.source.bucket, run.source.key)
    replaced = latest is not None and latest.pointer.version_id != run.source.version_id
    return asset is not None and asset.run_id == run.run_id and not replaced


def _delivered(state: RunState, renditions: list[Rendition]) -> Outcome:
    decision = route_of(state)
    return Outcome(
        status=Status.DELIVERED,
        reason=decision.reason,
        code="delivered" if state.made_by or state.results.get(Stage.UPSCALE) else "untouched",
        route=Route.AUTO,
        rule=decision.rule,
        confidence=lowest_confidence(state),
        renditions=renditions,
        cost=cost_of(state),
    )


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the outcome."""
    return deliver(RunState.model_validate(event)).model_dump(mode="json")
