"""Submit: ask a model's endpoint for a stage, and leave the task token where ``settle`` finds it."""

import time
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ConfigDict, Field

from handlers.aws import endpoints, executions, records, shared, storage
from handlers.observability import count, logger, metrics
from handlers.orders import enter
from handlers.settings import settings
from handlers.settle import read_result, record_result
from schemas import ids
from schemas.errors import PermanentFailure
from schemas.plan import request_for
from schemas.pointers import Document, S3Pointer
from schemas.records import Callback, now
from schemas.run import RunState
from schemas.stage import Stage, StageRequest, StageResult

_CALLBACK_SECONDS = 6 * 3600
"""How long a callback is kept: several times the state machine's own timeout for a stage."""


class Order(Document):
    """What the state machine passes: the stage, the token that waits for it, the state of the run."""

    model_config = ConfigDict(hide_input_in_errors=True)  # a token is a secret, in a stack trace too

    stage: Stage
    task_token: str = Field(min_length=1, max_length=2048, repr=False)
    state: RunState


def submit(order: Order) -> None:
    """Ask for a stage, unless its answer exists already: then answer at once, for the price of a look-up."""
    run = order.state.run
    if not enter(run, order.stage):
        raise PermanentFailure("Another run took this one's place.", code="superseded")
    places = {"work_bucket": settings().work_bucket, "models": settings().models, "era": settings().era(time.time())}
    request = request_for(order.stage, order.state, **places)
    callback = Callback(
        inference_id=ids.inference_id(order.task_token),
        task_token=order.task_token,
        asset_id=run.asset_id,
        run_id=run.run_id,
        stage=order.stage,
        trial=order.state.trial_of(order.stage),
        inputs=request.inputs,
        result=request.result_pointer,
        submitted_at=now(),
        expires_at=int(time.time()) + _CALLBACK_SECONDS,
    )
    shared.use(request.output.key, run.asset_id)  # before looking: docs/adr/0022-what-is-shared-goes-with-the-last.md
    existing = _existing(request.result_pointer)
    if existing is None:
        _ask(request, callback)
        return
    count("StageAnswersReused")
    executions.answer(order.task_token, record_result(callback, existing, reused=True))


def _existing(pointer: S3Pointer) -> StageResult | None:
    """Find the answer. One that an older deployment wrote and this one cannot read is asked for anew."""
    try:
        return read_result(pointer)
    except PermanentFailure as error:
        if error.code != "bad_result":
            raise
        return None


def _ask(request: StageRequest, callback: Callback) -> None:
    """Put the callback first: an answer can come before the asking returns."""
    if not records.put_callback(callback):
        logger.info("already asked", extra={"inference_id": callback.inference_id})
    document = endpoints.request_document(callback.run_id, callback.inference_id)
    storage.write_text(document, request.model_dump_json())
    endpoints.invoke(settings().endpoint_for(request.stage), document, callback.inference_id)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Take an order; the answer goes to the task token."""
    submit(Order.model_validate(event))
