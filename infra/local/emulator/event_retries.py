"""Functions that EventBridge calls.

AWS
    Invokes a rule's function asynchronously: one that fails is tried twice more, and then the event goes to the
    function's dead letter queue.
ministack
    Calls it once and forgets the event. What SNS calls is treated as on AWS.
"""

import json

from ministack.services import eventbridge, lambda_svc


def apply() -> None:
    """Let EventBridge call functions as SNS does."""
    eventbridge._dispatch_to_lambda = _invoke


def _invoke(arn: str, payload: str) -> None:
    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if function and config:
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))
