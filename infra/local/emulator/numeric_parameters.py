"""Numbers that reach a property through a template parameter.

AWS
    A parameter of type ``Number`` is a string to ``Ref``, and CloudFormation turns it into a number where the property
    is one.
ministack
    Passes the string on. An event source mapping with ``MaximumConcurrency: !Ref ...`` then compares text with
    numbers and never polls its queue.
"""

from collections.abc import Callable
from typing import Any

from infra.local.emulator.cloudformation import Properties, handlers_of

_NUMBERS = {
    "AWS::Lambda::EventSourceMapping": frozenset(
        {"BatchSize", "MaximumBatchingWindowInSeconds", "MaximumConcurrency", "MaximumRetryAttempts"}
    ),
    "AWS::Lambda::Function": frozenset({"MemorySize", "Timeout", "ReservedConcurrentExecutions", "Size"}),
    "AWS::Logs::LogGroup": frozenset({"RetentionInDays"}),
    "AWS::SQS::Queue": frozenset({"VisibilityTimeout", "MessageRetentionPeriod", "maxReceiveCount"}),
}


def apply() -> None:
    """Convert before ministack's own handlers see the properties."""
    for resource_type, names in _NUMBERS.items():
        handlers = handlers_of(resource_type)
        for operation in handlers.keys() & {"create", "update"}:
            handlers[operation] = _converting(handlers[operation], names)


def _converting(handler: Callable[..., Any], names: frozenset[str]) -> Callable[..., Any]:
    def convert_and_call(*args: Any, **kwargs: Any) -> Any:
        return handler(*(with_numbers(arg, names) for arg in args), **kwargs)

    return convert_and_call


def with_numbers(value: Any, names: frozenset[str]) -> Any:
    """Return the properties with the named values as integers, at any depth; other values stay as they are."""
    if isinstance(value, list):
        return [with_numbers(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    converted: Properties = {}
    for name, item in value.items():
        is_number = name in names and isinstance(item, str) and item.isdecimal()
        converted[name] = int(item) if is_number else with_numbers(item, names)
    return converted
