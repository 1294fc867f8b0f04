"""The one owner of logs, metrics and tracing.

Tracing is Lambda's own (``Tracing: Active`` in the template): the X-Ray SDK is in maintenance, and this module is the
only one that would change if a tracer came back.
"""

import warnings

import warnings

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

# Most invocations count nothing; that is no reason for a warning in every one's log.
warnings.filterwarnings("ignore", message="No application metrics to publish")

logger = Logger(service="cleanplate")
metrics = Metrics(namespace="Cleanplate", service="cleanplate")

# Most invocations count nothing, and plain text among JSON lines breaks their readers.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def count(name: str, value: int = 1) -> None:
    """Add to a counter that dashboards and alarms read."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
