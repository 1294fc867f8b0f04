"""Step Functions: start the chain, ask how it stands, answer those who wait."""

from botocore.exceptions import ClientError

from handlers.aws.clients import client, error_code, translated
from handlers.settings import settings
from schemas.conclude import cause_of
from schemas.errors import CleanplateError
from schemas.run import RunState, StageSummary

_TOKEN_GONE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")
_NOT_RUNNING = ("ExecutionDoesNotExist", "ValidationException")


def start(state: RunState) -> bool:
    """Start a run with what it begins with. That it was started before is success: the name is the run (rule 2).

    Returns
    -------
    bool
        Whether this call started it.
    """
    with translated("starting a run"):
        try:
            client("stepfunctions").start_execution(
                stateMachineArn=settings().state_machine_arn,
                name=state.run.run_id,
                input=state.model_dump_json(exclude_none=True),
            )
        except ClientError as error:
            if error_code(error) == "ExecutionAlreadyExists":
                return False
            raise
    return True


def status_of(run_id: str) -> str | None:
    """Ask how an execution stands (``RUNNING``, ``SUCCEEDED``, ``FAILED`` ...); ``None`` if there never was one."""
    with translated("looking up a run"):
        try:
            return str(client("stepfunctions").describe_execution(executionArn=_arn(run_id))["status"])
        except ClientError as error:
            if error_code(error) == "ExecutionDoesNotExist":
                return None
            raise


def stop(run_id: str) -> None:
    """Stop an execution; one that is over, or never began, is left as it is."""
    with translated("stopping a run"):
        try:
            client("stepfunctions").stop_execution(executionArn=_arn(run_id), error="Cancelled")
        except ClientError as error:
            if error_code(error) not in _NOT_RUNNING:
                raise


def _arn(run_id: str) -> str:
    return settings().state_machine_arn.replace(":stateMachine:", ":execution:") + f":{run_id}"


def answer(task_token: str, summary: StageSummary) -> bool:
    """Let the chain go on; ``False`` if nobody waits for it any more."""
    return _send("send_task_success", taskToken=task_token, output=summary.model_dump_json(exclude_none=True))


def release(task_token: str) -> bool:
    """Let whoever waits go on, who looks for themselves what became of it; ``False`` if nobody waits any more."""
    return _send("send_task_success", taskToken=task_token, output="0")


def refuse(task_token: str, error: CleanplateError) -> bool:
    """Tell the chain that a stage failed, and how; ``False`` if nobody waits for it any more."""
    return _send(
        "send_task_failure",
        taskToken=task_token,
        error=type(error).__name__,
        cause=cause_of(error.code, error.message),
    )


def _send(call: str, **arguments: str) -> bool:
    with translated("answering a task token"):
        try:
            getattr(client("stepfunctions"), call)(**arguments)
        except ClientError as error:
            if error_code(error) in _TOKEN_GONE:
                return False
            raise
    return True
