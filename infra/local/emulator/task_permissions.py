"""Which resource answering a task token is about.

AWS
    A policy for ``states:SendTaskSuccess`` and its relatives names the state machine, as CDK's ``grantTaskResponse``
    does.
ministack
    Knows no resource for these requests and checks them against ``*``, so that such a policy never matches and every
    answer is denied.
"""

import json
from typing import Any

from ministack.core import iam_actions

from infra.local.emulator.task_tokens import state_machine_of


def apply() -> None:
    """Take the state machine out of the token."""
    extract = iam_actions.extract_resource_arn

    def extract_of_token(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *more: Any, **named: Any
    ) -> str:
        machine = _waiting_machine(body) if service == "states" else None
        resource: str = machine or extract(service, method, path, headers, body, *more, **named)
        return resource

    iam_actions.extract_resource_arn = extract_of_token


def _waiting_machine(body: bytes) -> str | None:
    try:
        token = json.loads(body).get("taskToken")
    except (ValueError, AttributeError):
        return None
    return state_machine_of(token) if isinstance(token, str) else None
