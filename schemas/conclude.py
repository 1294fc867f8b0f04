"""From an error that ended a run to an outcome in words. No stack trace gets past this point."""

import json

from schemas.asset import Status
from schemas.errors import BY_NAME, CleanplateError, PermanentFailure
from schemas.events import StateMachineError
from schemas.policy import Route
from schemas.records import Outcome

_FALLBACK = "The work failed on our side. Your original is untouched; the run can be started again."
_LONGEST = 2000  # JSON writes one character as up to twelve ("\\ud83d\\ude00")
_A_PERSON_CAN_HELP = frozenset({"weights_missing", "library_missing", "not_permitted", "people_in_picture"})
"""Codes of permanent failures that are no fault of the picture and no defect of ours: a model that is not installed
here, or one that the policy forbids. Somebody brings the model, names another, or does the work by hand."""
_BY_NAME = {
    "States.Timeout": ("timeout", "A step took too long and was given up."),
    "States.DataLimitExceeded": ("state_too_large", "The run's state grew too large."),
}


def outcome_of(error: StateMachineError, *, redone: bool = False) -> Outcome:
    """Choose the outcome for an error caught by the state machine.

    What fails when it is done again goes back to the person who asked for that: what there was before is not lost.

    ``BadInput`` quarantines; what a person can help with waits for one; everything else has failed. Messages
    of our own errors are written for people and are passed on; messages of unknown errors may hold internals and are
    not.
    """
    outcome = _outcome_of(error)
    if not redone or outcome.status not in (Status.QUARANTINED, Status.FAILED):
        return outcome
    reason = f"Doing it again failed: {outcome.reason}"
    changes = {"status": Status.AWAITING_REVIEW, "route": Route.REVIEW, "rule": "redo-failed", "reason": reason}
    return outcome.model_copy(update=changes)


def _outcome_of(error: StateMachineError) -> Outcome:
    code, message = _read_cause(error.cause)
    if error.error == "BadInput":
        return Outcome(status=Status.QUARANTINED, code=code or "bad_input", reason=message or _FALLBACK)
    if code == "superseded":
        return Outcome(status=Status.SUPERSEDED, code=code, reason=message)
    if error.error == "PermanentFailure" and code in _A_PERSON_CAN_HELP:
        rule = code.replace("_", "-")
        return Outcome(status=Status.AWAITING_REVIEW, code=code, reason=message, route=Route.REVIEW, rule=rule)
    if error.error in ("PermanentFailure", "TransientFailure"):
        return Outcome(status=Status.FAILED, code=code or "failed", reason=message or _FALLBACK)
    code, message = _BY_NAME.get(error.error, ("internal", _FALLBACK))
    return Outcome(status=Status.FAILED, code=code, reason=message)


def error_of(error: StateMachineError) -> CleanplateError:
    """Make an error of the state machine one of ours again; of an unknown one only that it happened is passed on."""
    code, message = _read_cause(error.cause)
    if error.error in BY_NAME:
        return BY_NAME[error.error](message or _FALLBACK, code=code or "failed")
    code, message = _BY_NAME.get(error.error, ("internal", _FALLBACK))
    return PermanentFailure(message, code=code)


def _read_cause(cause: object) -> tuple[str, str]:
    """Read code and message from what a Lambda or ``SendTaskFailure`` left: JSON, with our message inside."""
    if not isinstance(cause, str):
        return "", ""
    try:
        document = json.loads(cause)
    except ValueError:
        return "", ""
    if not isinstance(document, dict):
        return "", ""
    text = str(document.get("errorMessage", ""))
    code, separator, message = text.partition(": ")
    return (code, message) if separator and code.replace("_", "").isalnum() else ("", text)


def cause_of(code: str, message: str) -> str:
    """Write a cause in the shape that a failing Lambda leaves, so that both are read alike.

    Step Functions takes 32,768 characters and refuses a longer cause altogether; ours is one sentence.
    """
    return json.dumps({"errorMessage": f"{code}: {message[:_LONGEST]}"})
