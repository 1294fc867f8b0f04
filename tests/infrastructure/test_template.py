"""What the template promises: nothing public, nothing lost, nothing that costs money while it is idle."""

import importlib
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from handlers.aws import items
from handlers.index_runs import VERDICTS
from handlers.settings import Settings
from schemas.announcement import REVIEW_OPENED, REVIEW_REMINDER, SOURCE
from schemas.asset import Status
from schemas.miniature import MINIATURES_WANTED
from schemas.records import Callback
from schemas.stage import MODEL_STAGES, Stage
from tests.infrastructure.conftest import ROOT, Resources, as_text

OfType = Callable[[str], Resources]
Template = dict[str, Any]
LAYOUTS = {"shared": "HasShared", "per-stage": "PerStage"}
# Everything else has a default in Settings that suits every deployment.
NOT_OURS = {"POWERTOOLS_SERVICE_NAME"}


def test_every_bucket_is_versioned_encrypted_private_and_kept(of_type: OfType) -> None:
    buckets = of_type("AWS::S3::Bucket")
    assert set(buckets) == {"InboxBucket", "WorkBucket", "DeliveryBucket"}
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}, name
        assert "SSEAlgorithm" in as_text(properties["BucketEncryption"]), name
        assert list(properties["PublicAccessBlockConfiguration"].values()) == [True] * 4, name
        assert "BucketOwnerEnforced" in as_text(properties["OwnershipControls"]), name
        assert bucket["UpdateReplacePolicy"] == "Retain", name
        assert bucket["DeletionPolicy"].startswith("Retain"), name


def test_only_what_people_upload_starts_a_run(of_type: OfType) -> None:
    told = [name for name, b in of_type("AWS::S3::Bucket").items() if "NotificationConfiguration" in b["Properties"]]
    assert told == ["InboxBucket"]
    pattern = of_type("AWS::Events::Rule")["UploadRule"]["Properties"]["EventPattern"]
    assert pattern["detail"]["bucket"]["name"] == [{"Ref": "InboxBucket"}]


def test_nothing_a_run_delivered_or_uploaded_expires(of_type: OfType) -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        for rule in bucket["Properties"].get("LifecycleConfiguration", {}).get("Rules", []):
            if "ExpirationInDays" in rule:
                assert (name, rule["Prefix"]) in {("WorkBucket", "requests/"), ("WorkBucket", "async/")}


def test_what_expires_by_a_policy_expires_only_where_a_team_says_so(template: Template, of_type: OfType) -> None:
    bounded = {
        rule["Fn::If"][0]: rule["Fn::If"][1]
        for bucket in of_type("AWS::S3::Bucket").values()
        for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        if "Fn::If" in rule
    }
    assert bounded.keys() == {"ForgetsOriginals", "ForgetsWork", "ForgetsProofs"}
    for condition, rule in bounded.items():
        parameter = rule["ExpirationInDays"]["Ref"]
        assert template["Parameters"][parameter]["Default"] == 0
        assert template["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, 0]}]}


def test_the_table_is_kept_recoverable_and_forgets_callbacks(of_type: OfType) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    properties = table["Properties"]
    assert table["UpdateReplacePolicy"] == "Retain"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["TimeToLiveSpecification"]["AttributeName"] in Callback.model_fields


def _dead_letters(resources: Resources) -> set[str]:
    """Name every queue that some other thing sends its failures to."""
    return {
        name
        for name, found in resources.items()
        if found["Type"] == "AWS::SQS::Queue"
        for other in resources.values()
        for key in ("RedrivePolicy", "DeadLetterConfig")
        if f'["{name}", "Arn"]' in as_text(other["Properties"].get(key, {}))
    }


def test_every_queue_has_a_dead_letter_queue_or_is_one(resources: Resources, of_type: OfType) -> None:
    dead = _dead_letters(resources)
    for name, queue in of_type("AWS::SQS::Queue").items():
        assert name in dead or "RedrivePolicy" in queue["Properties"], name
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        assert queue["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_somebody_hears_of_every_dead_letter(resources: Resources, of_type: OfType) -> None:
    watched = as_text([alarm["Properties"]["Dimensions"] for alarm in of_type("AWS::CloudWatch::Alarm").values()])
    for queue in _dead_letters(resources):
        assert f'["{queue}", "QueueName"]' in watched, queue


def test_every_function_called_without_an_answer_keeps_its_failures(resources: Resources, of_type: OfType) -> None:
    """SNS and EventBridge do not wait: after two more tries the event is gone, unless it has a place to go."""
    called = {
        as_text(permission["Properties"]["FunctionName"])
        for permission in of_type("AWS::Lambda::Permission").values()
        if permission["Properties"]["Principal"] in ("sns.amazonaws.com", "events.amazonaws.com")
    }
    assert len(called) == 8
    for reference in called:
        (name,) = [function for function in resources if f'"{function}"' in reference]
        assert "DeadLetterConfig" in resources[name]["Properties"], name


@pytest.mark.parametrize(
    ("queue", "function"),
    [
        ("IntakeQueue", "IntakeFunction"),
        ("FetchQueue", "FetchFunction"),
        ("WebhookQueue", "SendWebhookFunction"),
        ("RemovalQueue", "RemovalFunction"),
        ("CopyQueue", "SecondTargetFunction"),
    ],
)
def test_work_from_a_queue_is_bounded_by_it_and_fails_message_by_message(
    of_type: OfType, queue: str, function: str
) -> None:
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    (mapping,) = [each for each in mappings if f'"{queue}"' in as_text(each["Properties"]["EventSourceArn"])]
    waits = of_type("AWS::SQS::Queue")[queue]["Properties"]
    works = of_type("AWS::Lambda::Function")[function]["Properties"]
    assert mapping["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "MaximumConcurrency" in mapping["Properties"]["ScalingConfig"]
    assert waits["VisibilityTimeout"] >= 6 * works["Timeout"]
    assert waits["RedrivePolicy"]["maxReceiveCount"] >= 5


def test_outcomes_are_read_from_what_changed_of_assets_and_nothing_is_dropped_unseen(of_type: OfType) -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    mapping = of_type("AWS::Lambda::EventSourceMapping")["OutcomesFunctionChanges"]["Properties"]
    (chosen,) = [json.loads(each["Pattern"])["dynamodb"] for each in mapping["FilterCriteria"]["Filters"]]
    assert table["Properties"]["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert chosen["Keys"] == {"sk": {"S": [items.asset_key("a-1")["sk"]]}}
    assert chosen["NewImage"] == {
        "status": {"S": [{"anything-but": [status for status in Status if not status.is_outcome]}]}
    }
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert '"FailedEvents"' in as_text(mapping["DestinationConfig"]["OnFailure"])


def test_runs_are_indexed_by_what_became_of_assets_and_what_people_said(of_type: OfType) -> None:
    mapping = of_type("AWS::Lambda::EventSourceMapping")["IndexRunsFunctionChanges"]["Properties"]
    outcomes, verdicts = [json.loads(each["Pattern"])["dynamodb"] for each in mapping["FilterCriteria"]["Filters"]]
    assert outcomes["Keys"] == {"sk": {"S": [items.asset_key("a-1")["sk"]]}}
    assert verdicts["Keys"] == {"sk": {"S": [{"prefix": items.TRAIL}]}}
    assert set(verdicts["NewImage"]["what"]["S"]) == VERDICTS
    assert mapping["BisectBatchOnFunctionError"] is True
    assert '"FailedEvents"' in as_text(mapping["DestinationConfig"]["OnFailure"])


def test_a_webhook_is_given_up_by_its_sender_before_the_queue_gives_it_up(template: Template, of_type: OfType) -> None:
    planned = template["Parameters"]["WebhookPauses"]["Default"]
    assert planned == Settings.model_fields["webhook_pauses"].default
    pauses = [int(pause) for pause in planned.split(",")]
    assert 20 * 3600 <= sum(pauses) <= 28 * 3600, "about a day"
    queue = of_type("AWS::SQS::Queue")["WebhookQueue"]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] > len(pauses) + 1
    assert queue["MessageRetentionPeriod"] > 2 * sum(pauses)


def test_every_handler_is_there(of_type: OfType) -> None:
    for name, function in of_type("AWS::Lambda::Function").items():
        module, _, attribute = function["Properties"]["Handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), attribute)), name


def test_a_function_gives_up_before_the_state_that_waits_for_it(of_type: OfType, definition: Template) -> None:
    functions = of_type("AWS::Lambda::Function")
    for state in definition["States"].values():
        if state["Type"] == "Task":
            name = state["Arguments"]["FunctionName"].removeprefix("${").removesuffix("Arn}")
            assert functions[name]["Properties"]["Timeout"] < state["TimeoutSeconds"], name


def test_functions_get_exactly_the_environment_that_settings_read(template: Template, of_type: OfType) -> None:
    given = set(template["Globals"]["Function"]["Environment"]["Variables"])
    read = {str(field.alias): field for field in Settings.model_fields.values()}
    assert given - NOT_OURS <= read.keys()
    assert {name for name, field in read.items() if field.is_required()} <= given
    for name, function in of_type("AWS::Lambda::Function").items():
        own = set(template["Resources"][name]["Properties"].get("Environment", {}).get("Variables", {}))
        assert own <= read.keys()
        assert set(function["Properties"]["Environment"]["Variables"]) == given | own, name
        assert function["Properties"]["TracingConfig"] == {"Mode": "Active"}


def test_reconcile_hears_of_every_end_that_the_state_machine_cannot_catch(of_type: OfType) -> None:
    patterns = [rule["Properties"].get("EventPattern", {}) for rule in of_type("AWS::Events::Rule").values()]
    ends = [pattern["detail"] for pattern in patterns if pattern.get("source") == ["aws.states"]]
    machines = sorted(as_text(detail["stateMachineArn"]).rpartition("-")[2] for detail in ends)
    assert [name.rstrip('"}]') for name in machines] == ["batches", "pipeline"]
    assert all(detail["status"] == ["FAILED", "TIMED_OUT", "ABORTED"] for detail in ends)
    assert any("ScheduleExpression" in rule["Properties"] for rule in of_type("AWS::Events::Rule").values())


def _in_layout(resources: Resources, layout: str) -> Resources:
    other = {condition for name, condition in LAYOUTS.items() if name != layout}
    return {name: found for name, found in resources.items() if found.get("Condition") not in other}


def _endpoint_names(resources: Resources) -> set[str]:
    found = [r["Properties"]["EndpointName"] for r in resources.values() if r["Type"] == "AWS::SageMaker::Endpoint"]
    return {str(name["Fn::Sub"]).replace("${AWS::StackName}", "stack") for name in found}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_has_exactly_the_endpoints_that_are_asked(resources: Resources, layout: str) -> None:
    settings = Settings.model_construct(endpoint_prefix="stack", endpoint_layout=layout)
    asked = {settings.endpoint_for(stage) for stage in (*MODEL_STAGES, Stage.ASSESS_UPSCALED)}
    assert _endpoint_names(_in_layout(resources, layout)) == asked


def test_the_layouts_are_those_that_settings_know(template: Template) -> None:
    assert template["Parameters"]["EndpointLayout"]["AllowedValues"] == list(LAYOUTS)
    for layout in LAYOUTS:
        assert Settings.model_fields["endpoint_layout"].metadata[0].pattern.find(layout) > 0


def test_every_endpoint_answers_later_and_says_when(of_type: OfType) -> None:
    for name, config in of_type("AWS::SageMaker::EndpointConfig").items():
        output = config["Properties"]["AsyncInferenceConfig"]["OutputConfig"]
        assert output["NotificationConfig"] == {
            "SuccessTopic": {"Ref": "InferenceCompleted"},
            "ErrorTopic": {"Ref": "InferenceFailed"},
            "IncludeInferenceResponseIn": ["ERROR_NOTIFICATION_TOPIC"],
        }, name
        for path in ("S3OutputPath", "S3FailurePath"):
            assert output[path]["Fn::Sub"].startswith("s3://${WorkBucket}/async/"), name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_endpoint_goes_to_zero_and_comes_back(resources: Resources, layout: str) -> None:
    deployed = _in_layout(resources, layout)
    endpoints = [name for name, found in deployed.items() if found["Type"] == "AWS::SageMaker::Endpoint"]
    targets = {n: r for n, r in deployed.items() if r["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"}
    assert len(targets) == len(endpoints) > 0
    for name, target in targets.items():
        assert target["Properties"]["MinCapacity"] == 0, name
        policies = {
            found["Properties"]["PolicyType"]: policy
            for policy, found in deployed.items()
            if found["Properties"].get("ScalingTargetId") == {"Ref": name}
        }
        assert set(policies) == {"TargetTrackingScaling", "StepScaling"}, name
        wakes = {"Ref": policies["StepScaling"]}
        alarms = [found["Properties"] for found in deployed.values() if found["Type"] == "AWS::CloudWatch::Alarm"]
        (alarm,) = [alarm for alarm in alarms if wakes in alarm["AlarmActions"]]
        endpoint = target["Properties"]["ResourceId"]["Fn::Sub"].split("${")[1].split(".")[0]
        assert endpoint in as_text(alarm["Dimensions"])
        assert alarm["MetricName"] == "HasBacklogWithoutCapacity"


def test_the_layer_carries_what_the_project_depends_on() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    lines = (ROOT / "requirements" / "lambda.txt").read_text().splitlines()
    carried = dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    versions = {name.lower().replace("_", "-"): Version(version) for name, version in carried.items()}
    for requirement in map(Requirement, wanted):
        assert versions[requirement.name.lower()] in requirement.specifier, requirement.name


def test_mails_are_sent_only_where_an_address_was_given(of_type: OfType) -> None:
    for kind in ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::Events::Rule"):
        mailing = [found for name, found in of_type(kind).items() if name.startswith("ReviewMail")]
        assert [found["Condition"] for found in mailing] == ["MailsReviews"], kind


def test_what_listens_to_reviews_listens_for_what_is_said(of_type: OfType) -> None:
    heard = {
        name: rule["Properties"]["EventPattern"]
        for name, rule in of_type("AWS::Events::Rule").items()
        if rule["Properties"].get("EventBusName") == {"Ref": "ReviewBus"}
    }
    mailed = heard.pop("ReviewMailRule")
    assert sorted(pattern["detail-type"][0] for pattern in heard.values()) == [MINIATURES_WANTED, REVIEW_OPENED]
    assert all(pattern["source"] == [SOURCE] for pattern in heard.values())
    assert (mailed["source"], mailed["detail-type"]) == ([SOURCE], [REVIEW_OPENED, REVIEW_REMINDER])
    assert mailed["detail"] == {"rule": [{"anything-but": ["trial"]}]}


def test_the_delivery_layer_carries_the_versions_that_were_tested_and_who_signs_or_checks_carries_it(
    of_type: OfType,
) -> None:
    pinned = (ROOT / "requirements" / "constraints.txt").read_text().splitlines()
    lines = (ROOT / "requirements" / "delivery.txt").read_text().splitlines()
    carried = [line for line in lines if not line.startswith("#")]
    assert carried
    assert set(carried) <= set(pinned)
    beside = (ROOT / "requirements" / "lambda.txt").read_text().splitlines()
    assert {"cffi", "cryptography"} <= {line.partition("==")[0] for line in beside}, "pyvips and c2pa load them"
    assert not set(carried) & set(beside)
    carrying = [n for n, f in of_type("AWS::Lambda::Function").items() if "DeliveryLayer" in as_text(f["Properties"])]
    assert carrying == ["RenderFunction", "CredentialsFunction"]
