import pytest

from infra.client import Client
from schemas.errors import PermanentFailure
from tests.unit.infra.client.conftest import Answer, Script

_XML = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"'


@pytest.fixture(autouse=True)
def _scripted_aws(script: Script, monkeypatch, tmp_path):
    for name, value in {
        "AWS_ENDPOINT_URL": script.url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def stack_with(name: str, value: str) -> Answer:
    output = f"<member><OutputKey>{name}</OutputKey><OutputValue>{value}</OutputValue></member>"
    stack = f"<member><StackName>s</StackName><Outputs>{output}</Outputs></member>"
    result = f"<DescribeStacksResult><Stacks>{stack}</Stacks></DescribeStacksResult>"
    return Answer(body=f"<DescribeStacksResponse {_XML}>{result}</DescribeStacksResponse>".encode())


def test_a_stack_is_found_by_its_name(script: Script):
    script.on("POST", "/", stack_with("ApiUrl", "https://api.example.org"))
    assert Client.aws("mine", region="eu-west-1").url == "https://api.example.org/signed"
    assert b"StackName=mine" in script.asked[0].body


def test_a_stack_that_is_not_ours_is_refused(script: Script):
    script.on("POST", "/", stack_with("Something", "else"))
    with pytest.raises(PermanentFailure, match="ApiUrl"):
        Client.aws("other", region="eu-west-1")


@pytest.mark.parametrize("profile", [None, "no-such-profile"])
def test_a_missing_stack_or_profile_is_said_in_words(script: Script, profile):
    error = "<Error><Code>ValidationError</Code><Message>Stack with id absent does not exist</Message></Error>"
    script.on("POST", "/", Answer(400, body=f"<ErrorResponse {_XML}>{error}</ErrorResponse>".encode()))
    with pytest.raises(PermanentFailure, match="cannot be looked up"):
        Client.aws("absent", region="eu-west-1", profile=profile)
