from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.sagemaker.registry import EndpointRegistry

CONFIG = {
    "ProductionVariants": [{"VariantName": "Blue"}],
    "AsyncInferenceConfig": {
        "OutputConfig": {
            "S3OutputPath": "s3://b/out",
            "NotificationConfig": {"SuccessTopic": "ok", "ErrorTopic": "bad"},
        }
    },
}


@pytest.fixture
def registry(tmp_path: Path) -> EndpointRegistry:
    return EndpointRegistry(tmp_path / "endpoints.json")


def test_an_endpoint_is_what_its_configuration_says(registry: EndpointRegistry) -> None:
    registry.put("EndpointConfig", "config", CONFIG)
    registry.put("Endpoint", "mask", {"EndpointConfigName": "config"})
    endpoint = registry.endpoint("mask")
    assert endpoint is not None
    assert endpoint.output is not None
    assert (endpoint.variant, endpoint.output.output_path) == ("Blue", "s3://b/out")
    assert (endpoint.output.success_topic, endpoint.output.error_topic) == ("ok", "bad")
    assert endpoint.output.failure_path is None


def test_an_endpoint_without_async_configuration_is_synchronous(registry: EndpointRegistry) -> None:
    registry.put("EndpointConfig", "config", {"ProductionVariants": [{"VariantName": "Blue"}]})
    registry.put("Endpoint", "mask", {"EndpointConfigName": "config"})
    endpoint = registry.endpoint("mask")
    assert endpoint is not None
    assert endpoint.output is None


def test_unknown_endpoints_are_none_also_before_anything_is_deployed(registry: EndpointRegistry) -> None:
    assert registry.endpoint("mask") is None
    assert registry.names() == []


def test_a_removed_endpoint_is_gone_whatever_the_case_of_its_name(registry: EndpointRegistry) -> None:
    registry.put("Endpoint", "Stack-Mask", {"EndpointConfigName": "config"})
    registry.remove("Endpoint", "stack-mask")
    registry.remove("Endpoint", "stack-mask")
    assert registry.names() == []


def test_no_change_is_lost_when_several_are_made_at_once(tmp_path: Path) -> None:
    def put(number: int) -> None:
        EndpointRegistry(tmp_path / "endpoints.json").put("Endpoint", f"e{number}", {"EndpointConfigName": "c"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(40)))
    assert len(EndpointRegistry(tmp_path / "endpoints.json").names()) == 40
