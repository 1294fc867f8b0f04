"""Tally: add up what each run cost, once it has come to an outcome."""

import json
import time
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import costs, records
from handlers.observability import count, logger, metrics
from handlers.prices import prices
from schemas.outcome_event import OutcomeEvent, OutcomeHeard
from schemas.records import StageRecord
from schemas.tally import Line

_REMEMBERED = 90 * 24 * 3600
"""Seconds. Events come again within a day; a queue keeps what failed for two weeks."""

processor = BatchProcessor(event_type=EventType.SQS)


def tally(event: OutcomeEvent) -> bool:
    """Count a run, unless it was counted before, or nothing was run."""
    data = event.data
    if not data.run_id or data.cost is None:
        return False
    whole = Line(
        day=event.time.date(),
        recipe=data.recipe,
        runs=1,
        seconds=data.cost.seconds,
        dollars=data.cost.dollars or 0.0,
        unpriced=0 if data.cost.dollars is not None else 1,
    )
    stages = records.stages_of(data.asset_id, data.run_id)
    lines = [whole, *_of_models(stages, whole, data.cost.instance)]
    counted = costs.add(data.run_id, lines, expires_at=int(time.time()) + _REMEMBERED)
    count("RunsTallied", int(counted))
    return counted


def _of_models(stages: list[StageRecord], whole: Line, instance: str) -> list[Line]:
    """One line for each model that was at work; what was known before cost nothing."""
    seconds: dict[str, float] = {}
    for stage in stages:
        if stage.model is not None and stage.model_seconds is not None and not stage.reused:
            seconds[stage.model.name] = seconds.get(stage.model.name, 0.0) + stage.model_seconds
    return [_line(whole, model, took, instance) for model, took in sorted(seconds.items())]


def _line(whole: Line, model: str, seconds: float, instance: str) -> Line:
    dollars = prices().of(instance, seconds)
    known = {"dollars": dollars or 0.0, "unpriced": 0 if dollars is not None else 1}
    return Line(day=whole.day, recipe=whole.recipe, model=model, runs=1, seconds=seconds, **known)


def _record(record: SQSRecord) -> None:
    tally(OutcomeHeard.model_validate(json.loads(record.body)).detail)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch of outcomes; those that could not be counted are handed out again."""
    return process_partial_response(event=event, record_handler=_record, processor=processor, context=context)
