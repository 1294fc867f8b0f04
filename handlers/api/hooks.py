"""Hooks: where content systems send their events, and who may make such places."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import TypeAdapter, ValidationError

from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import NotFound
from handlers.api.fetches import shown as fetch_shown
from handlers.aws import hooks
from schemas.errors import BadInput
from schemas.hook import HookName, HookRecord, HookRequest
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]
_NAME: TypeAdapter[str] = TypeAdapter(HookName)


@router.get("/")
@callers.needs(Role.ADMIN)
def list_hooks() -> dict[str, Any]:
    """List the hooks, by name, without their secrets."""
    return {"hooks": [_shown(hook) for hook in hooks.every()]}


@router.put("/<hook>")
@callers.needs(Role.ADMIN)
def put(hook: str) -> dict[str, Any]:
    """Make a hook, or change it. A secret that is made for it is told in this answer, and never again."""
    from handlers.hooks import keeping

    try:
        _NAME.validate_python(hook)
    except ValidationError:
        message = "A hook's name has 1 to 40 small letters, digits and hyphens, a letter first."
        raise BadInput(message, code="bad_hook_name") from None
    made = keeping.put(hook, HookRequest.model_validate_json(body_of(router.current_event)))
    return {**_shown(made.hook), **({"secret": made.secret} if made.secret else {})}


@router.delete("/<hook>")
@callers.needs(Role.ADMIN)
def remove(hook: str) -> dict[str, Any]:
    """Take a hook away, and its secret with it. What it has ordered goes on."""
    from handlers.hooks import keeping

    known = _known(hook)
    keeping.remove(known)
    return _shown(known)


@router.post("/<hook>/rotate")
@callers.needs(Role.ADMIN)
def rotate(hook: str) -> dict[str, Any]:
    """Give a hook a new secret, told in this answer and never again; the older one is good for 24 hours more."""
    from handlers.hooks import keeping

    known = _known(hook)
    return {**_shown(known), "secret": keeping.rotate(known)}


@router.post("/<hook>")
def receive(hook: str) -> tuple[dict[str, Any], int]:
    """Take an event of a content system, signed with the hook's secret, and order the pictures that it tells of.

    The same event again gives the same orders. An event that tells of no picture orders nothing, and is no error.
    """
    from handlers.hooks.receiving import receive as take
    from handlers.hooks.signatures import Sent

    event = router.current_event
    headers = {name.lower(): str(value) for name, value in (event.headers or {}).items()}
    sent = Sent(
        event.raw_event.get("rawPath", event.path), event.raw_event.get("rawQueryString", ""), headers, body_of(event)
    )
    return {"fetches": [fetch_shown(order) for order in take(_known(hook), sent)]}, 202


def _known(name: str) -> HookRecord:
    found = hooks.find(name) if 0 < len(name) <= 40 else None
    if found is None:
        raise NotFound(f"There is no hook `{name[:40]}`.", code="unknown_hook")
    return found


def _shown(hook: HookRecord) -> dict[str, Any]:
    rules = hook.model_dump(mode="json", exclude={"job"})
    return {**rules, "job": hook.job.stated, "path": f"/hooks/{hook.name}"}
