"""Apply every patch, or refuse to start."""

from importlib.metadata import version

from infra.local.emulator import (
    application_autoscaling,
    callback_errors,
    condition_checks,
    distributed_map,
    event_retries,
    event_version_id,
    execution_end,
    greedy_paths,
    heartbeat,
    http_api_body,
    log_end,
    loopback_cdn,
    moving_state,
    numeric_parameters,
    python_functions,
    queue_batches,
    retry_delay,
    sagemaker_gateway,
    sagemaker_resources,
    secure_transport,
    signed_urls,
    table_streams,
    task_clock,
    task_tokens,
)

MINISTACK_VERSION = "1.5.33"
"""The version whose internals the patches were written against."""

GAPS = (
    python_functions,
    log_end,
    moving_state,
    http_api_body,
    greedy_paths,
    numeric_parameters,
    sagemaker_resources,
    sagemaker_gateway,
    application_autoscaling,
    event_version_id,
    event_retries,
    secure_transport,
    queue_batches,
    task_clock,
    task_tokens,
    callback_errors,
    heartbeat,
    retry_delay,
    execution_end,
    distributed_map,
    table_streams,
    condition_checks,
    signed_urls,
    loopback_cdn,
)


def apply() -> None:
    """Close all gaps.

    Raises
    ------
    SystemExit
        If another version of ministack is installed: its internals may have moved, and a patch that misses its
        target would show as a wrong result much later.
    """
    installed = version("ministack")
    if installed != MINISTACK_VERSION:
        raise SystemExit(
            f"The local stack needs ministack {MINISTACK_VERSION}, but {installed} is installed. "
            f"Run: pip install ministack=={MINISTACK_VERSION}"
        )
    for gap in GAPS:
        gap.apply()
