"""Deployments that change, and deployments that fail, against a running emulator."""

from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml

from infra.local.deploy import deploy
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas.errors import PermanentFailure

pytestmark = pytest.mark.stack

CODE = 'def handler(event, context):\n    return {"statusCode": 200, "body": event["routeKey"]}\n'
QUEUE = {"Type": "AWS::SQS::Queue"}
REFUSED = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"Id": "m"}]}}  # ministack knows no metric math


def written(folder: Path, resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> Path:
    path = folder / "template.yaml"
    document = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": resources,
        "Outputs": {name: {"Value": value} for name, value in (outputs or {}).items()},
    }
    path.write_text(yaml.safe_dump(document))
    return path


def api_with(folder: Path, *paths: str) -> Path:
    (folder / "code").mkdir(exist_ok=True)
    (folder / "code" / "app.py").write_text(CODE)
    events = {
        f"Route{number}": {"Type": "HttpApi", "Properties": {"Path": path, "Method": "GET"}}
        for number, path in enumerate(paths)
    }
    properties = {"CodeUri": "code", "Handler": "app.handler", "Runtime": "python3.13", "Events": events}
    resources = {"Function": {"Type": "AWS::Serverless::Function", "Properties": properties}}
    return written(folder, resources, {"ApiId": {"Ref": "ServerlessHttpApi"}})


def status(info: StackInfo, outputs: dict[str, str], path: str) -> int:
    url = f"{info.model_copy(update={'outputs': outputs}).api_url}{path}"
    return int(urllib3.request("GET", url, retries=False).status)


def test_an_api_changes_its_routes_and_keeps_its_address(emulator: StackInfo, tmp_path: Path) -> None:
    aws = StackSession(emulator)
    before = deploy(aws, api_with(tmp_path, "/old"), stack="routes", parameters={})
    assert (status(emulator, before, "/old"), status(emulator, before, "/new")) == (200, 404)
    after = deploy(aws, api_with(tmp_path, "/new"), stack="routes", parameters={})
    assert after == before
    assert (status(emulator, after, "/old"), status(emulator, after, "/new")) == (404, 200)


def test_new_code_runs_after_a_deployment(emulator: StackInfo, tmp_path: Path) -> None:
    aws = StackSession(emulator)
    template = api_with(tmp_path, "/x")
    outputs = deploy(aws, template, stack="code", parameters={})
    assert status(emulator, outputs, "/x") == 200
    (tmp_path / "code" / "app.py").write_text(CODE.replace("200", "418"))
    outputs = deploy(aws, template, stack="code", parameters={})
    assert status(emulator, outputs, "/x") == 418


def test_a_failed_deployment_names_the_resource_and_can_be_repeated(emulator: StackInfo, tmp_path: Path) -> None:
    aws = StackSession(emulator)
    template = written(tmp_path, {"Queue": QUEUE, "Alarm": REFUSED})
    with pytest.raises(PermanentFailure, match=r"Alarm \(AWS::CloudWatch::Alarm\): .*metric math"):
        deploy(aws, template, stack="failing", parameters={})
    template = written(tmp_path, {"Queue": QUEUE}, {"Name": {"Fn::GetAtt": ["Queue", "QueueName"]}})
    assert deploy(aws, template, stack="failing", parameters={})["Name"]
    template = written(tmp_path, {"Queue": QUEUE, "Later": REFUSED})
    with pytest.raises(PermanentFailure, match=r"Later \(AWS::CloudWatch::Alarm\)"):
        deploy(aws, template, stack="failing", parameters={})
