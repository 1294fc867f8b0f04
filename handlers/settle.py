"""Settle: an endpoint's answer has come; write it down and let the chain go on."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers import provenance
from handlers.aws import executions, records, storage, versions
from handlers.observability import count, logger, metrics
from handlers.settings import settings
from schemas.errors import PermanentFailure, TransientFailure
from schemas.events import InferenceNotification
from schemas.pointers import S3Pointer
from schemas.records import Callback
from schemas.run import StageSummary
from schemas.stage import StageResult

_ANSWERS = "async/"
"""Prefix, in the work bucket, below which SageMaker leaves answers: template.yaml says so to the endpoints."""


def settle(notification: InferenceNotification) -> None:
    """Pass one notification on to the task that waits for it. A second copy finds nobody waiting, and that is fine.

    What SageMaker left is a copy of the stage's own ``result.json``, under a name that leads back to no asset: it goes
    at once, so that nobody has to find it when the asset is erased.
    """
    _pass_on(notification)
    _drop(notification.answer)


def _pass_on(notification: InferenceNotification) -> None:
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
        answer(callback)
    records.forget_callback(callback)


def _drop(answer: S3Pointer | None) -> None:
    if answer and answer.bucket == settings().work_bucket and answer.key.startswith(_ANSWERS):
        versions.remove_object(answer)


def answer(callback: Callback) -> None:
    """Let the chain go on with the result that lies there; what is wrong with it ends or repeats the stage at once."""
    try:
        result = read_result(callback.result)
        if result is None:  # S3 shows at once what was written, so the container never wrote it
            raise TransientFailure("The endpoint said it was done but left no result.", code="result_missing")
        summary = record_result(callback, result)
    except (PermanentFailure, TransientFailure) as error:
        executions.refuse(callback.task_token, error)
    else:
        executions.answer(callback.task_token, summary)


def read_result(pointer: S3Pointer) -> StageResult | None:
    """Read a stage's answer; ``None`` if there is none.

    Raises
    ------
    PermanentFailure
        With code ``bad_result`` if it is no such document.
    """
    text = storage.read_text(pointer)
    try:
        return StageResult.model_validate_json(text) if text is not None else None
    except ValidationError:
        raise PermanentFailure("The model's answer is not a result we know.", code="bad_result") from None


def record_result(callback: Callback, result: StageResult, *, reused: bool = False) -> StageSummary:
    """Append the stage to the run's provenance; return what the chain carries on."""
    records.add_stage(provenance.of_model(callback, result, reused=reused))
    return StageSummary.of(result, callback.result, reused=reused)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Handle SNS records; what fails is delivered again by SNS."""
    for record in event["Records"]:
        settle(InferenceNotification.model_validate(json.loads(record["Sns"]["Message"])))
