"""SageMaker models, endpoint configurations and endpoints.

AWS
    ``AWS::SageMaker::Model``, ``EndpointConfig`` and ``Endpoint`` are resources of CloudFormation.
ministack
    Has no SageMaker: a template that names them is refused.

Nothing is started here. What was deployed is written into the registry that ``infra.local.sagemaker`` serves from,
so that endpoint names, output paths and topics have one source, the template.
"""

import os
from pathlib import Path
from typing import Any

from ministack.core.responses import get_account_id, get_region

from infra.local.emulator.cloudformation import Properties, default_name, register
from infra.local.sagemaker.registry import EndpointRegistry

_LONGEST_NAME = 63  # SageMaker's limit for all three


class _SageMakerResource:
    """One of the three kinds; they differ in names only."""

    def __init__(self, kind: str, name_property: str, arn_part: str) -> None:
        self.kind = kind
        self.name_property = name_property
        self.arn_part = arn_part

    def create(self, logical_id: str, props: Properties, stack: str) -> tuple[str, Properties]:
        name = props.get(self.name_property) or default_name(stack, logical_id, longest=_LONGEST_NAME)
        _registry().put(self.kind, name, props)
        arn = f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{self.arn_part}/{name.lower()}"
        return arn, {self.name_property: name}

    def delete(self, physical_id: str, props: Properties) -> None:
        _registry().remove(self.kind, physical_id.rsplit("/", 1)[-1])


def apply() -> None:
    """Register the three types."""
    for kind, name_property, arn_part in (
        ("Model", "ModelName", "model"),
        ("EndpointConfig", "EndpointConfigName", "endpoint-config"),
        ("Endpoint", "EndpointName", "endpoint"),
    ):
        register(f"AWS::SageMaker::{kind}", _SageMakerResource(kind, name_property, arn_part))


def _registry() -> Any:
    return EndpointRegistry(Path(os.environ["CLEANPLATE_ENDPOINTS"]))
