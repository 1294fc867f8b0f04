"""Settle: an endpoint's answer has come; write it down and let the chain go on."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import executions, records, storage
from handlers.observability import count, logger, metrics
from schemas.errors import TransientFailure
from schemas.events import InferenceNotification
from schemas.records import Callback, StageRecord, now
from schemas.run import StageSummary
from schemas.stage import StageResult


def settle(notification: InferenceNotification) -> None:
    """Pass one notification on to the task that waits for it. A second copy finds nobody waiting, and that is fine."""
    callback = records.find_callback(notification.inference_id)
    if callback is None:
        logger.info("nobody waits for this inference", extra={"inference_id": notification.inference_id})
        return
    if notification.status == "Failed":
        error = notification.failure()
        logger.warning("stage failed", extra={"stage": callback.stage, "code": error.code, "reason": error.message})
        count("StagesFailed")
        executions.refuse(callback.task_token, error)
    else:
        text = storage.read_text(callback.result)
        if text is None:
            raise TransientFailure("The endpoint said it was done but left no result.", code="result_missing")
        executions.answer(callback.task_token, record_result(callback, StageResult.model_validate_json(text)))
    records.forget_callback(callback.inference_id)


def record_result(callback: Callback, result: StageResult) -> StageSummary:
    """Append the stage to the run's provenance; return what the chain carries on."""
    records.add_stage(
        StageRecord(
            asset_id=callback.asset_id,
            run_id=callback.run_id,
            stage=callback.stage,
            started_at=callback.submitted_at,
            ended_at=now(),
            outputs=result.outputs,
            model=result.model,
            parameters=result.parameters,
            model_seconds=result.seconds,
            areas=result.areas,
            detections=result.detections,
            signals=result.signals,
            confidence=result.confidence,
        )
    )
    return StageSummary.of(result, callback.result)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Handle SNS records; what fails is delivered again by SNS."""
    for record in event["Records"]:
        settle(InferenceNotification.model_validate(json.loads(record["Sns"]["Message"])))
