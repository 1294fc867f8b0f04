"""Lambda: ask another function of this deployment, and wait for what it answers."""

import json
from typing import Any

from handlers.aws.clients import client, translated
from schemas.errors import TransientFailure


def ask(name: str, question: dict[str, Any], *, code: str) -> dict[str, Any]:
    """Return what a function answers.

    Raises
    ------
    TransientFailure
        With ``code``, if it failed.
    """
    with translated("asking a function"):
        answer = client("lambda").invoke(FunctionName=name, Payload=json.dumps(question).encode())
        body = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise TransientFailure("What was asked for could not be found out; ask again.", code=code)
    found: dict[str, Any] = json.loads(body)
    return found
