"""The one owner of logs, metrics and tracing.

Tracing is Lambda's own (``Tracing: Active`` in the template): the X-Ray SDK is in maintenance, and this module is the
only one that would change if a tracer came back.
"""

import warnings

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

# Most invocations count nothing; that is no reason for a line of plain text among the JSON of every one's log.
warnings.filterwarnings("ignore", message="No application metrics to publish")

logger = Logger(service="cleanplate")
metrics = Metrics(namespace="Cleanplate", service="cleanplate")


def count(name: str, value: int = 1) -> None:
    """Add to a counter that dashboards and alarms read."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
