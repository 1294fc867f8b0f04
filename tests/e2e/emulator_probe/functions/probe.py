"""Functions that show what the emulator does to a Lambda."""

import importlib.util
import json
import os
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class TransientFailure(Exception):
    pass


def raises(event, context):
    raise TransientFailure("try again")


def tells_about_itself(event, context):
    return {
        "function": context.function_name,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "file": __file__,
        "task_root": os.environ["LAMBDA_TASK_ROOT"],
        "pid": os.getpid(),
        "sees_this_project": any(
            importlib.util.find_spec(name) for name in ("schemas", "handlers", "inference", "infra")
        ),
        "event": event,
    }


def says(event, context):
    for line in event["lines"]:
        print(line, flush=True)


def sleeps(event, context):
    time.sleep(event["seconds"])


def keeps_token(event, context):
    item = {"pk": {"S": event["name"]}, "sk": {"S": str(time.time_ns())}, "token": {"S": event["token"]}}
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item=item)


def record_messages(event, context):
    for record in event["Records"]:
        item = {"pk": {"S": "messages"}, "sk": {"S": record["messageId"]}, "body": {"S": record["body"]}}
        boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item=item)


def sends_in_batches(event, context):
    entry = {"Id": "1", "MessageBody": event["text"]}
    answer = boto3.client("sqs").send_message_batch(QueueUrl=event["queue"], Entries=[entry])
    return len(answer["Successful"])


def records_changes(event, context):
    for record in event["Records"]:
        change = record["dynamodb"]
        if "waits_for" in change["NewImage"]:
            _wait_for_message(change["NewImage"]["waits_for"]["S"])
        item = {"pk": {"S": "changes"}, "sk": {"S": change["Keys"]["pk"]["S"]}, "what": {"S": record["eventName"]}}
        boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item=item)


def _wait_for_message(text):
    question = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "messages"}}}
    for _ in range(150):
        found = boto3.client("dynamodb").query(TableName=os.environ["TABLE"], ConsistentRead=True, **question)["Items"]
        if any(text in item["body"]["S"] for item in found):
            return
        time.sleep(0.1)
    raise TransientFailure("no such message came")


def writes(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=event["key"], Body=b"x")
    return "written"


def asks_endpoint(event, context):
    runtime = boto3.client("sagemaker-runtime", config=Config(retries={"total_max_attempts": 1}))
    try:
        runtime.invoke_endpoint_async(EndpointName=event["endpoint"], InputLocation="s3://bucket/key")
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


def answers(event, context):
    return {"statusCode": 200, "body": json.dumps({"path": event["rawPath"], "route": event["routeKey"]})}
