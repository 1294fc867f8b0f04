"""What holds for every test: properties are tried on the same examples each time, and real events are at hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "deterministic",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no finding
)
settings.load_profile("deterministic")


def pytest_configure(config: pytest.Config) -> None:
    """Let handlers count nothing: ``handlers.observability`` silences this too, but pytest forgets that each time."""
    config.addinivalue_line("filterwarnings", "ignore:No application metrics to publish")


EVENTS = Path(__file__).parent / "events"


@pytest.fixture
def captured() -> Callable[[str], Any]:
    """Read an event as AWS sent it, from ``tests/events``."""
    return lambda name: json.loads((EVENTS / f"{name}.json").read_text())
