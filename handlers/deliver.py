"""Deliver: put the files where the CDN reads them, and say in one manifest which are current.

Files are named by their content and never change; only the small manifest does, atomically, and only for the run that
is still the current one of the latest upload (rules 3 and 11).
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import manifests, provenance
from handlers.aws import events, records
from handlers.aws.reviews import keeping
from handlers.delivering import bring
from handlers.observability import count, logger, metrics
from handlers.prices import cost_of
from handlers.render import rendered
from handlers.reviews import audit_of, opening
from handlers.settings import settings
from schemas.asset import Status
from schemas.pointers import S3Pointer
from schemas.policy import Route
from schemas.records import Outcome, now
from schemas.rendered import RenderedFile
from schemas.rendition import Rendition
from schemas.routing import lowest_confidence, route_of
from schemas.run import Run, RunState
from schemas.stage import Stage

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
    outcome = _delivered(state, renditions) if manifests.publish(run, renditions, started) else _SUPERSEDED
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.DELIVER,
            started,
            outputs={r.name: _place(r) for r in renditions},
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
    manifests.give_way(run)
    records.conclude(run.asset_id, run.run_id, _SUPERSEDED)
    record = records.find_run(run.asset_id, run.run_id)
    return record.outcome if record and record.outcome else _SUPERSEDED


def _copy(run: Run, file: RenderedFile) -> Rendition:
    rendition = file.rendition(run.asset_id, run.source.key)
    bring(file.file, _place(rendition), rendition)
    return rendition


def _place(rendition: Rendition) -> S3Pointer:
    return S3Pointer(bucket=settings().delivery_bucket, key=rendition.key, sha256=rendition.sha256)


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
