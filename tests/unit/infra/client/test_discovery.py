import json

import boto3
import pytest
from moto import mock_aws

from infra.client import Client
from schemas.errors import PermanentFailure


@pytest.fixture(autouse=True)
def _in_process_aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def deploy(name: str, outputs: dict[str, str]) -> None:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("cloudformation", "eu-west-1").create_stack(StackName=name, TemplateBody=json.dumps(template))


def test_a_stack_is_found_by_its_name():
    deploy("mine", {"ApiUrl": "https://api.example.org"})
    assert Client.aws("mine", region="eu-west-1").url == "https://api.example.org"


def test_a_stack_that_is_not_ours_is_refused():
    deploy("other", {"Something": "else"})
    with pytest.raises(PermanentFailure, match="ApiUrl"):
        Client.aws("other", region="eu-west-1")


@pytest.mark.parametrize("profile", [None, "no-such-profile"])
def test_a_missing_stack_or_profile_is_said_in_words(profile):
    with pytest.raises(PermanentFailure, match="cannot be looked up"):
        Client.aws("absent", region="eu-west-1", profile=profile)
