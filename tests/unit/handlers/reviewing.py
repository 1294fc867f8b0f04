"""Runs that wait for people, and requests of several people about them."""

import json
from collections.abc import Callable
from typing import Any

from handlers import reviews
from handlers.aws import reviews as kept
from schemas.asset import Status
from schemas.policy import Policy
from schemas.recipe import Recipe
from schemas.records import Outcome, ReviewRecord
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Answer
from tests.unit.handlers.journeys import begin, made

ADA, BEN = "arn:aws:iam::123456789012:user/ada", "arn:aws:iam::123456789012:user/ben"
NATIVE = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
Ask = Callable[..., Answer]


def asking(captured: Callable[[str], Any], context: Any) -> Ask:
    """Send requests as API Gateway passes them on, in anybody's name."""

    def send(method: str, path: str, document: Any = None, *, who: str = ADA, **query: str) -> Answer:
        event = captured("http-api-post" if document is not None else "http-api-get")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["queryStringParameters"] = query
        if document is not None:
            event["body"], event["isBase64Encoded"] = json.dumps(document), False
        event["requestContext"]["authorizer"] = {"iam": {"userArn": who}}
        answer = answered(event, context)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def waiting(
    upload: Upload,
    recipe: Recipe = documents.FIND,
    *stages: Stage,
    rule: str = "confidence-below-threshold",
    confidence: float | None = 0.4,
    key: str = "trip/photo.jpg",
) -> RunState:
    """Bring a run to where it waits for a person, and return how far it came."""
    run = begin(upload(key), recipe)
    state = made(run, *(stages or NATIVE))
    outcome = Outcome(status=Status.AWAITING_REVIEW, reason="Look.", code="review", rule=rule, confidence=confidence)
    assert reviews.ask_a_person(state, outcome)
    return state


def with_policy(recipe: Recipe, **rules: Any) -> Recipe:
    """Give the same recipe other rules."""
    return recipe.model_copy(update={"policy": Policy.model_validate(rules)})


def path(run: Run, end: str = "") -> str:
    """Address a review, or something of it."""
    return f"/reviews/{run.asset_id}/{run.run_id}" + (f"/{end}" if end else "")


def review_of(run: Run) -> ReviewRecord:
    """Read the review of a run."""
    found = kept.find(run.asset_id, run.run_id)
    assert found is not None
    return found
