"""Step Functions batch item: take one picture of a batch up, with the token of whoever waits for its outcome."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ConfigDict, Field

from handlers.batch_items import take
from handlers.observability import logger, metrics
from schemas.batch import Listed
from schemas.errors import TransientFailure
from schemas.pointers import Document

_LOOKS = 3


class ItemOrder(Document):
    """What the batch's state machine passes on."""

    model_config = ConfigDict(hide_input_in_errors=True)

    task_token: str = Field(min_length=1, max_length=2048, repr=False)
    item: Listed


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Take it up; look again at once where another event's run was written down meanwhile."""
    asked = ItemOrder.model_validate(event)
    for last in (*(False,) * (_LOOKS - 1), True):
        try:
            take(asked.item, asked.task_token)
        except TransientFailure as error:
            if last or error.code != "record_conflict":
                raise
        else:
            return
