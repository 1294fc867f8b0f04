import pytest

from infra.local.sagemaker.order import InvalidOrder, job_for
from infra.local.sagemaker.registry import AsyncOutput, Endpoint

OUTPUT = AsyncOutput("s3://bucket/answers/", "s3://bucket/failures", "ok", "bad")
ENDPOINT = Endpoint("mask", "AllTraffic", OUTPUT)
OPTIONS = {"inputlocation": "s3://bucket/requests/1.json", "inference-id": "abc", "content-type": "application/json"}


def test_an_order_goes_where_the_endpoint_says() -> None:
    job = job_for(ENDPOINT, OPTIONS, region="us-east-1")
    assert job.input.uri == "s3://bucket/requests/1.json"
    assert job.output.uri.startswith("s3://bucket/answers/")
    assert job.failure is not None
    assert job.failure.uri.startswith("s3://bucket/failures/")
    assert job.inference.inference_id == "abc"
    assert job.headers["Content-Type"] == "application/json"


def test_two_orders_never_share_an_output() -> None:
    first, second = (job_for(ENDPOINT, OPTIONS, region="us-east-1") for _ in range(2))
    assert first.output != second.output


def test_an_order_without_an_id_gets_one() -> None:
    options = {name: value for name, value in OPTIONS.items() if name != "inference-id"}
    assert job_for(ENDPOINT, options, region="us-east-1").inference.inference_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"inputlocation": ""},
        {"inputlocation": "https://example.com/x"},
        {"inputlocation": "s3://bucket"},
        {"inference-id": ""},
        {"inference-id": "x" * 65},
        {"inference-id": "a\nb"},
        {"invocationtimeoutseconds": "0"},
        {"invocationtimeoutseconds": "3601"},
        {"invocationtimeoutseconds": "soon"},
    ],
)
def test_what_sagemaker_would_refuse_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidOrder):
        job_for(ENDPOINT, {**OPTIONS, **wrong}, region="us-east-1")


def test_a_synchronous_endpoint_takes_no_orders() -> None:
    with pytest.raises(InvalidOrder, match="AsyncInferenceConfig"):
        job_for(Endpoint("mask", "AllTraffic", None), OPTIONS, region="us-east-1")
