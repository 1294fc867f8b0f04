"""Nobody may do more than their work asks for; the few wildcards have a reason that stands here."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from handlers.aws.hooks import HOOKS
from handlers.aws.items import ANSWERS, MARKS, VERDICTS, WEBHOOKS
from handlers.aws.recipes import KEPT, LATEST, SHIPPED, VERSIONS
from tests.infrastructure.conftest import Resources, as_text

OfType = Callable[[str], Resources]
Statement = dict[str, Any]

NO_RESOURCE_TO_NAME = {
    # AWS's service authorization reference knows no resource for these actions.
    "states:SendTaskSuccess",
    "states:SendTaskFailure",
    "ecr:GetAuthorizationToken",
    "cloudwatch:PutMetricData",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
}
MANAGED = {
    "AWSLambdaBasicExecutionRole": "SAM adds it: writing its own log",
    "AWSXrayWriteOnlyAccess": "SAM adds it for Tracing: Active",
    "AWSLambdaSQSQueueExecutionRole": "SAM adds it for a queue as event source",
    "AWSLambdaDynamoDBExecutionRole": "SAM adds it for a table's stream as event source",
}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _allowed(of_type: OfType) -> Iterator[tuple[str, Statement]]:
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in _listed(policy["PolicyDocument"]["Statement"]):
                assert statement["Effect"] == "Allow"
                yield name, statement
    for name, policy in of_type("AWS::IAM::Policy").items():
        for statement in _listed(policy["Properties"]["PolicyDocument"]["Statement"]):
            assert statement["Effect"] == "Allow"
            yield name, statement


def _who_may(of_type: OfType, action: str, bucket: str) -> set[str]:
    return {
        role
        for role, statement in _allowed(of_type)
        if action in _listed(statement["Action"]) and bucket in as_text(statement["Resource"])
    }


def test_no_action_is_a_wildcard(of_type: OfType) -> None:
    for role, statement in _allowed(of_type):
        for action in _listed(statement["Action"]):
            assert "*" not in action, f"{role}: {action}"


def test_a_wildcard_resource_has_a_reason(of_type: OfType) -> None:
    for role, statement in _allowed(of_type):
        if "*" in _listed(statement["Resource"]):
            unexplained = set(_listed(statement["Action"])) - NO_RESOURCE_TO_NAME
            assert not unexplained, f"{role}: {unexplained} on every resource"


def test_what_is_attached_is_read_and_copies_are_written_below_one_folder(of_type: OfType) -> None:
    policy = of_type("AWS::IAM::Policy")["AttachedBucketsPolicy"]
    assert policy["Condition"] == "AttachesBuckets"
    assert policy["Properties"]["Roles"] == [{"Ref": "IntakeFunctionRole"}]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    writing = [each for each in statements if "s3:PutObject" in _listed(each["Action"])]
    assert [each["Resource"] for each in writing] == [{"Fn::Sub": "${InboxBucket.Arn}/from/*"}]
    reading = {action for each in statements if each not in writing for action in _listed(each["Action"])}
    assert reading == {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"}
    for each in statements:
        assert each in writing or "AttachedBuckets" in as_text(each["Resource"])


def test_the_key_of_links_is_read_by_the_api_and_only_where_links_are_signed(of_type: OfType) -> None:
    who = [role for role, s in _allowed(of_type) if "/links-" in as_text(s["Resource"])]
    assert who == ["LinkSecretPolicy"]
    policy = of_type("AWS::IAM::Policy")["LinkSecretPolicy"]
    assert (policy["Condition"], policy["Properties"]["Roles"]) == ("SignsLinks", [{"Ref": "ApiFunctionRole"}])
    assert policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"] == "secretsmanager:GetSecretValue"


def test_metrics_of_a_model_stay_in_their_namespace(of_type: OfType) -> None:
    (statement,) = [s for _, s in _allowed(of_type) if "cloudwatch:PutMetricData" in _listed(s["Action"])]
    assert "cloudwatch:namespace" in as_text(statement["Condition"])


def test_managed_policies_are_only_those_that_sam_needs(of_type: OfType) -> None:
    for name, role in of_type("AWS::IAM::Role").items():
        attached = {arn.rsplit("/", 1)[1] for arn in role["Properties"].get("ManagedPolicyArns", [])}
        assert attached <= MANAGED.keys(), name


def test_every_function_has_a_role_of_its_own(of_type: OfType) -> None:
    roles = [as_text(function["Properties"]["Role"]) for function in of_type("AWS::Lambda::Function").values()]
    assert len(set(roles)) == len(roles) > 0


def test_the_original_is_never_touched(of_type: OfType) -> None:
    """The API (it signs forms), fetch and copying add to the inbox; what people withdraw is deleted elsewhere."""
    assert _who_may(of_type, "s3:PutObject", "InboxBucket") == {
        "ApiFunctionRole",
        "AttachedBucketsPolicy",
        "FetchFunctionRole",
    }
    deleting = [
        (role, s)
        for role, s in _allowed(of_type)
        if "s3:Delete" in as_text(s["Action"]) and role != "RemovalFunctionRole"
    ]
    elsewhere = [each for each in deleting if "Bucket.Arn" not in as_text(each[1]["Resource"])]
    assert [role for role, _ in elsewhere] == ["SecondTargetFunctionRole"]
    deleting = [each for each in deleting if each not in elsewhere]
    assert [(role, s["Action"], s["Resource"]) for role, s in deleting] == [
        ("SettleFunctionRole", "s3:DeleteObjectVersion", {"Fn::Sub": "${WorkBucket.Arn}/async/*"}),
        ("ApiFunctionRole", "s3:DeleteObject", {"Fn::Sub": "${WorkBucket.Arn}/requests/*"}),
    ]


def test_who_erases_reaches_every_picture_of_an_asset_and_nothing_that_is_no_assets(of_type: OfType) -> None:
    may = [(_listed(s["Action"]), s) for role, s in _allowed(of_type) if role == "RemovalFunctionRole"]
    (for_good,) = [s["Resource"] for actions, s in may if "s3:DeleteObjectVersion" in actions]
    reached = {each["Fn::Sub"] for each in for_good}
    work = {f"${{WorkBucket.Arn}}/{folder}/*" for folder in ("stages", "reviews", "requests", "batches")}
    assert reached == {"${InboxBucket.Arn}/*", "${DeliveryBucket.Arn}/*"} | work
    (keys,) = [
        s["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for actions, s in may
        if "dynamodb:DeleteItem" in actions and "dynamodb:PutItem" not in actions
    ]
    assert not {MARKS, LATEST, VERSIONS, SHIPPED, HOOKS, WEBHOOKS} & set(keys)


def test_only_deliver_writes_what_the_world_sees(of_type: OfType) -> None:
    """What is withdrawn is said in manifests."""
    assert _who_may(of_type, "s3:PutObject", "DeliveryBucket") == {"DeliverFunctionRole", "RemovalFunctionRole"}
    (withdrawing,) = [
        statement["Resource"]
        for role, statement in _allowed(of_type)
        if role == "RemovalFunctionRole" and "s3:PutObject" in _listed(statement["Action"])
        if "DeliveryBucket" in as_text(statement["Resource"])
    ]
    assert all(each["Fn::Sub"].endswith(("/manifests/*", "/manifest.json")) for each in withdrawing)


def test_who_writes_to_the_second_target_reads_the_first_and_changes_nothing_here(of_type: OfType) -> None:
    for role, statement in _allowed(of_type):
        if role == "SecondTargetFunctionRole":
            actions, resource = set(_listed(statement["Action"])), as_text(statement["Resource"])
            if actions & {"s3:PutObject", "s3:DeleteObject"}:
                assert resource.count("s3:::${SecondTarget}/") == resource.count("Fn::Sub") == 2
            if any(action.startswith("dynamodb:") for action in actions):
                assert actions == {"dynamodb:PutItem", "dynamodb:DeleteItem"}
                assert "ASSET#*" in as_text(statement["Condition"])
    for kind in ("AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::Events::Rule", "AWS::CloudWatch::Alarm"):
        own = [found for name, found in of_type(kind).items() if name.startswith(("SecondTarget", "Copy", "LostCop"))]
        assert own
        assert all(found["Condition"] == "HasSecondTarget" for found in own), kind


def test_the_cdn_is_told_to_forget_by_who_takes_things_away_and_only_there(of_type: OfType) -> None:
    (found,) = [(role, s) for role, s in _allowed(of_type) if "cloudfront:" in as_text(s["Action"])]
    assert (found[0], found[1]["Action"]) == ("RemovalFunctionRole", "cloudfront:CreateInvalidation")
    assert "distribution/${Cdn}" in as_text(found[1]["Resource"])


def test_only_models_write_results(of_type: OfType) -> None:
    writers = _who_may(of_type, "s3:PutObject", "WorkBucket")
    assert writers == {
        "ModelRole",
        "SubmitFunctionRole",
        "ApiFunctionRole",
        "ProofsFunctionRole",
        "MiniaturesFunctionRole",
        "RenderFunctionRole",
        "BatchListFunctionRole",
        "RemovalFunctionRole",
    }
    own = {
        "SubmitFunctionRole": {"requests"},
        "ApiFunctionRole": {"marks", "reviews", "batches"},
        "ProofsFunctionRole": {"reviews"},
        "MiniaturesFunctionRole": {"reviews"},
        "RenderFunctionRole": {"stages/render"},
        "BatchListFunctionRole": {"batches"},
        "RemovalFunctionRole": {"batches"},
    }
    found: dict[str, set[str]] = {role: set() for role in own}
    for role, statement in _allowed(of_type):
        resource = as_text(statement["Resource"])
        if role in own and "s3:PutObject" in _listed(statement["Action"]) and "WorkBucket" in resource:
            found[role] |= set(re.findall(r"\$\{WorkBucket\.Arn\}/([\w/]+)/\*", resource))
            assert resource.count("WorkBucket") == len(re.findall(r"\$\{WorkBucket\.Arn\}/[\w/]+/\*", resource))
    assert found == own


def test_the_api_changes_assets_and_marks_and_of_everything_else_only_what_it_has_to(of_type: OfType) -> None:
    changes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    may: dict[str, set[str]] = {}
    for role, statement in _allowed(of_type):
        found = changes & set(_listed(statement["Action"]))
        if role == "ApiFunctionRole" and found:
            ((_, keys),) = statement["Condition"].items()
            may |= dict.fromkeys(keys["dynamodb:LeadingKeys"], found)
    assert may == {
        MARKS: {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        VERDICTS: {"dynamodb:PutItem"},
        "ASSET#*": changes,
        "RUN#*": {"dynamodb:PutItem"},
        "CALLBACK#*": {"dynamodb:DeleteItem"},
        ANSWERS: changes,
        "RATE#*": {"dynamodb:UpdateItem"},
        "FETCH#*": {"dynamodb:PutItem"},
        HOOKS: {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        "BATCH#*": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        WEBHOOKS: {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        "DELIVERY#*": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        **{key: {"dynamodb:PutItem"} for key in (LATEST, VERSIONS, SHIPPED, f"{KEPT}*")},
    }


def test_secrets_of_hooks_are_open_to_the_api_and_to_nobody_else(of_type: OfType) -> None:
    who = {role for role, s in _allowed(of_type) if "/hooks/" in as_text(s["Resource"])}
    assert who == {"ApiFunctionRole"}


def test_who_asks_servers_of_others_can_do_nothing_but_bring_pictures(of_type: OfType) -> None:
    may = {
        (action, as_text(statement["Resource"]), as_text(statement.get("Condition", {})))
        for role, statement in _allowed(of_type)
        if role == "FetchFunctionRole"
        for action in _listed(statement["Action"])
    }
    assert {action for action, _, _ in may} == {
        *("s3:PutObject", "s3:GetObject", "s3:ListBucket"),
        *("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:PutItem"),
        "sqs:ChangeMessageVisibility",
    }
    for action, resource, condition in may:
        assert "InboxBucket" in resource or not action.startswith("s3:")
        assert "FETCH#*" in condition or "BROUGHT#*" in condition or not action.startswith("dynamodb:")


def test_secrets_of_webhooks_are_read_by_who_signs_and_made_by_the_api_alone(of_type: OfType) -> None:
    secrets = (
        '"arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AWS::StackName}/webhooks/*"'
    )

    def may(action: str) -> set[str]:
        allowed = [(role, s) for role, s in _allowed(of_type) if action in _listed(s["Action"])]
        return {role for role, statement in allowed if secrets in as_text(statement["Resource"])}

    assert may("secretsmanager:GetSecretValue") == {"ApiFunctionRole", "SendWebhookFunctionRole"}
    for action in ("CreateSecret", "PutSecretValue", "DeleteSecret"):
        assert may(f"secretsmanager:{action}") == {"ApiFunctionRole"}


def test_the_signing_key_is_used_by_who_signs_and_its_certificates_are_read_by_who_checks(of_type: OfType) -> None:
    """They are policies of their own, for there are deployments that sign nothing."""

    def who(name: str) -> tuple[list[str], Statement]:
        policy = of_type("AWS::IAM::Policy")[name]["Properties"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        return [role["Ref"] for role in policy["Roles"]], statement

    roles, statement = who("SigningSecretPolicy")
    assert roles == ["RenderFunctionRole", "CredentialsFunctionRole"]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    roles, statement = who("SigningKeyPolicy")
    assert (roles, statement["Action"]) == (["RenderFunctionRole"], "kms:Sign")
    said = [name for name, s in _allowed(of_type) if "kms:" in as_text(s) or "SigningSecret" in as_text(s)]
    assert said == ["SigningSecretPolicy", "SigningKeyPolicy"], "and nowhere else"


def test_who_sends_webhooks_sees_no_picture_and_no_asset(of_type: OfType) -> None:
    for role, statement in _allowed(of_type):
        if role == "SendWebhookFunctionRole":
            assert {action.partition(":")[0] for action in _listed(statement["Action"])} <= {
                "dynamodb",
                "sqs",
                "secretsmanager",
            }
            if "RecordsTable" in as_text(statement["Resource"]):
                ((_, keys),) = statement["Condition"].items()
                assert keys["dynamodb:LeadingKeys"] in ([WEBHOOKS], ["DELIVERY#*"])


def test_whoever_starts_a_run_can_look_up_its_marks(of_type: OfType) -> None:
    def may(action: str, resource: str) -> set[str]:
        allowed = [(role, s) for role, s in _allowed(of_type) if action in _listed(s["Action"])]
        return {role for role, statement in allowed if resource in as_text(statement["Resource"])}

    assert may("states:StartExecution", "-pipeline") <= may("dynamodb:Query", '["RecordsTable", "Arn"]')


def test_whoever_starts_a_run_can_keep_its_recipe(of_type: OfType) -> None:
    starts, keeps = set(), set()
    for role, statement in _allowed(of_type):
        actions, resource = _listed(statement["Action"]), as_text(statement["Resource"])
        if "states:StartExecution" in actions and "-pipeline" in resource:
            starts.add(role)
        keys = as_text(statement.get("Condition", f"{KEPT}* {SHIPPED}"))
        if "dynamodb:PutItem" in actions and f"{KEPT}*" in keys and SHIPPED in keys:
            keeps.add(role)
    assert starts
    assert starts <= keeps


def test_a_models_role_serves_only_this_account(of_type: OfType) -> None:
    (trust,) = of_type("AWS::IAM::Role")["ModelRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert "aws:SourceAccount" in as_text(trust["Condition"])


def test_a_bucket_is_open_to_nobody_but_the_cdn_and_never_without_tls(of_type: OfType) -> None:
    policies = of_type("AWS::S3::BucketPolicy")
    assert len(policies) == len(of_type("AWS::S3::Bucket"))
    for name, policy in policies.items():
        statements = policy["Properties"]["PolicyDocument"]["Statement"]
        (tls,) = [statement for statement in statements if statement["Effect"] == "Deny"]
        assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        opened = [statement for statement in statements if statement["Effect"] == "Allow"]
        assert [o["Principal"] for o in opened] == (
            [{"Service": "cloudfront.amazonaws.com"}] if name == "DeliveryBucketPolicy" else []
        )
        assert all("AWS:SourceArn" in as_text(statement["Condition"]) for statement in opened)


def test_a_queue_takes_messages_from_its_own_rule_only(of_type: OfType) -> None:
    for policy in of_type("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Principal"] == {"Service": "events.amazonaws.com"}
            assert "aws:SourceArn" in as_text(statement["Condition"])


def test_who_opens_a_review_announces_it_and_nobody_else(of_type: OfType) -> None:
    """The API opens none, and announces those again that have no proofs; `reconcile` reminds of them."""
    assert _who_may(of_type, "events:PutEvents", "ReviewBus") == {
        "RouteFunctionRole",
        "FinishFunctionRole",
        "DeliverFunctionRole",
        "ApiFunctionRole",
        "ReconcileFunctionRole",
    }


def test_outcomes_are_told_by_one_function_that_may_do_nothing_else(of_type: OfType) -> None:
    assert _who_may(of_type, "events:PutEvents", "OutcomeBus") == {"OutcomesFunctionRole"}
    own = [(s["Action"], as_text(s["Resource"])) for role, s in _allowed(of_type) if role == "OutcomesFunctionRole"]
    failures = ("sqs:SendMessage", '{"Fn::GetAtt": ["FailedEvents", "Arn"]}')
    assert own == [("events:PutEvents", '{"Fn::GetAtt": ["OutcomeBus", "Arn"]}'), failures]


def test_who_writes_stages_down_takes_no_record_away(of_type: OfType) -> None:
    """A stage is written where none lies; of those who write, only `settle` deletes: who waited for an answer."""
    writers = ("Inspect", "Submit", "Settle", "Judge", "Route", "Render", "Deliver", "Finish")
    roles = {f"{name}FunctionRole" for name in writers}
    deleting = {role for role, s in _allowed(of_type) if "dynamodb:DeleteItem" in _listed(s["Action"])}
    assert deleting & roles == {"SettleFunctionRole"}
    for role, statement in _allowed(of_type):
        if role in roles - {"SubmitFunctionRole", "DeliverFunctionRole"} and "RecordsTable" in as_text(statement):
            ((_, keys),) = statement["Condition"].items()
            assert set(keys["dynamodb:LeadingKeys"]) <= {"ASSET#*", "CALLBACK#*"}, role


def test_who_indexes_runs_takes_nothing_away_and_sees_no_picture(of_type: OfType) -> None:
    may = [s for role, s in _allowed(of_type) if role == "IndexRunsFunctionRole"]
    actions = {action for statement in may for action in _listed(statement["Action"])}
    assert actions == {
        *("dynamodb:Query", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"),
        "sqs:SendMessage",  # what it cannot index, to the failed events
    }
    for statement in may:
        if "dynamodb:PutItem" in statement["Action"]:
            assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["ASSET#*"]}}


def test_proofs_are_made_by_a_function_that_changes_nothing_else(of_type: OfType) -> None:
    may = [(s["Action"], as_text(s["Resource"])) for role, s in _allowed(of_type) if role == "ProofsFunctionRole"]
    changes = [(action, resource) for actions, resource in may for action in _listed(actions) if "Put" in action]
    assert changes == [("s3:PutObject", '{"Fn::Sub": "${WorkBucket.Arn}/reviews/*"}')]
    asked = [action for actions, resource in may for action in _listed(actions) if "Records" in resource]
    assert asked == ["dynamodb:GetItem"]


def test_miniatures_are_made_by_a_function_that_changes_nothing_else(of_type: OfType) -> None:
    may = [(s["Action"], as_text(s["Resource"])) for role, s in _allowed(of_type) if role == "MiniaturesFunctionRole"]
    changes = [(action, resource) for actions, resource in may for action in _listed(actions) if "Put" in action]
    assert changes == [("s3:PutObject", '{"Fn::Sub": "${WorkBucket.Arn}/reviews/*/miniatures/*"}')]
    asked = [action for actions, resource in may for action in _listed(actions) if "Records" in resource]
    assert asked == ["dynamodb:GetItem", "dynamodb:Query"]


def test_the_topic_of_mails_takes_messages_from_its_own_rule_only(of_type: OfType) -> None:
    (policy,) = of_type("AWS::SNS::TopicPolicy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["ReviewMailRule", "Arn"]}}}
