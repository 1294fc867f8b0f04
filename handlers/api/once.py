"""Asked twice under one ``Idempotency-Key``, done once: the second time, the first answer is given again.

Powertools keeps the answers, in our table. Routes whose answer holds a secret are not for it: nothing secret is kept.
"""

from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import Conflict, Mismatch
from handlers.aws.clients import client
from handlers.aws.items import ANSWERS
from handlers.settings import settings
from schemas import ids
from schemas.errors import BadInput, TransientFailure

_DAY = 24 * 3600
_LONGEST_KEY = 200
Answer = dict[str, Any] | tuple[dict[str, Any], int]
Route = Callable[..., Answer]


def once(*, seconds: int = _DAY) -> Callable[[Route], Route]:
    """Let a route be asked under an ``Idempotency-Key``; it goes below the line that says who may ask.

    Parameters
    ----------
    seconds
        How long its answer is given again. What is refused is not kept: it may be asked again under the same key.
    """

    def made(route: Route) -> Route:
        @wraps(route)
        def asked(*args: Any, **kwargs: Any) -> Answer:
            name = name_of_request()
            if name is None:
                return route(*args, **kwargs)
            return _kept(lambda: route(*args, **kwargs), name, seconds)

        asked.__once__ = True  # type: ignore[attr-defined]
        return asked

    return made


def name_of_request() -> str | None:
    """Name what is asked by who asks, what of, and their ``Idempotency-Key``; ``None`` where they sent none.

    Two callers, or two routes, never mean the same by the same key.

    Raises
    ------
    BadInput
        ``bad_idempotency_key``.
    """
    key, http = _key(), BaseRouter.current_event["requestContext"]["http"]
    path = str(http["path"]).removeprefix("/signed")
    return ids.digest("once", callers.caller().who, http["method"], path, key) if key is not None else None


def _key() -> str | None:
    headers = BaseRouter.current_event.headers or {}
    key = next((value for name, value in headers.items() if name.lower() == "idempotency-key"), None)
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadInput(
            f"`Idempotency-Key` has 1 to {_LONGEST_KEY} printable ASCII characters.", code="bad_idempotency_key"
        )
    return key


def _kept(route: Callable[[], Answer], name: str, seconds: int) -> Answer:
    from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, exceptions, idempotent_function

    request = {"key": name, "asked": ids.digest("body", body_of(BaseRouter.current_event).hex())}
    config = IdempotencyConfig(lambda_context=BaseRouter.lambda_context)
    keeping = idempotent_function(
        _answering,
        data_keyword_argument="request",
        persistence_store=_store(client("dynamodb"), seconds),
        config=config,
        key_prefix="api",
    )
    try:
        status, body = keeping(route=route, request=request)
    except exceptions.IdempotencyValidationError:
        message = "This `Idempotency-Key` was used for another request; take a new one."
        raise Mismatch(message, code="idempotency_mismatch") from None
    except exceptions.IdempotencyAlreadyInProgressError:
        message = "The first request under this `Idempotency-Key` is still being answered; ask again."
        raise Conflict(message, code="in_progress") from None
    except exceptions.IdempotencyPersistenceLayerError as error:
        message = "It could not be noted that this is asked once; ask again."
        raise TransientFailure(message, code="aws_unavailable") from error
    return body if status == HTTPStatus.OK else (body, status)


def _answering(*, route: Callable[[], Answer], request: dict[str, str]) -> list[Any]:
    """Ask the route; JSON keeps a list as it is, and makes one of a tuple."""
    answer = route()
    body, status = answer if isinstance(answer, tuple) else (answer, HTTPStatus.OK.value)
    return [status, body]


@cache
def _store(dynamodb: Any, seconds: int) -> Any:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig

    store = DynamoDBPersistenceLayer(
        table_name=settings().table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value=ANSWERS,
        expiry_attr="expires_at",
        boto3_client=dynamodb,
    )
    # A store takes its first configuration and ignores those that follow.
    store.configure(
        IdempotencyConfig(
            event_key_jmespath="key",
            payload_validation_jmespath="asked",
            expires_after_seconds=seconds,
            hash_function="sha256",
        ),
        key_prefix="api",
    )
    return store
