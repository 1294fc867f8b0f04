"""An event has come: check who sent it, and order the pictures that it tells of."""

import time
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError

from handlers import fetching, recipes
from handlers.api.errors import NotSignedIn
from handlers.hooks.keeping import secrets_of
from handlers.hooks.signatures import Sent, identity, is_signed
from handlers.observability import count
from handlers.outbound.urls import target_of
from handlers.settings import settings
from schemas import cms, ids
from schemas.cms.picture import Picture
from schemas.errors import BadInput
from schemas.fetch import FetchRecord
from schemas.hook import HookKind, HookRecord
from schemas.job import Job
from schemas.overlapping import OverlappingSecrets
from schemas.records import now

_LARGEST_EVENT = 256 * 1024
_KEPT_SECONDS = 60.0
_YOUNG_SECONDS = 5.0


class _Read(NamedTuple):
    secrets: OverlappingSecrets | None
    at: float


_known: dict[tuple[str, datetime], _Read] = {}
"""Secrets by hook, so that not every request asks for them; read again before a request is refused.

A hook that was taken away and made anew is another one: what opened the older is forgotten with it.
"""


def receive(hook: HookRecord, sent: Sent) -> list[FetchRecord]:
    """Order what an event tells of. The same event again gives the same orders.

    Raises
    ------
    NotSignedIn
        ``bad_signature``.
    BadInput
        If it is not what such a system sends, or tells of what may not be fetched. Sent again, it goes on from there.
    """
    if len(sent.body) > _LARGEST_EVENT:
        raise BadInput(f"An event has at most {_LARGEST_EVENT:,} bytes.", code="bad_event")
    _check_signature(hook, sent)
    found = cms.pictures(hook.kind, sent.body)
    jobs = [_job(hook, picture) for picture in found]
    name = ids.digest(hook.name, identity(hook.kind, sent))
    orders = [
        fetching.order(picture.url, _key(hook, picture, job), job, idempotency=f"hook:{name}:{picture.path}")
        for picture, job in zip(found, jobs, strict=True)
    ]
    count("HookEvents")
    return orders


def _check_signature(hook: HookRecord, sent: Sent) -> None:
    known = _known.get((hook.name, hook.updated_at))
    if known is None or time.monotonic() - known.at > _KEPT_SECONDS:
        known = _read(hook)
    if _is_from_who_knows(known.secrets, hook.kind, sent):
        return
    # Refused by what was known: the secret may be newer. Not at once again, for whoever tries to guess.
    if time.monotonic() - known.at > _YOUNG_SECONDS and _is_from_who_knows(_read(hook).secrets, hook.kind, sent):
        return
    count("HookEventsRefused")
    raise NotSignedIn("This is not signed with the hook's secret, or was signed too long ago.", code="bad_signature")


def _read(hook: HookRecord) -> _Read:
    found = _Read(secrets_of(hook.name), time.monotonic())
    for older in [key for key in _known if key[0] == hook.name]:
        del _known[older]
    _known[hook.name, hook.updated_at] = found
    return found


def _is_from_who_knows(kept: OverlappingSecrets | None, kind: HookKind, sent: Sent) -> bool:
    return kept is not None and any(is_signed(kind, secret, sent) for secret in kept.good_at(now()))


def _job(hook: HookRecord, picture: Picture) -> Job:
    """Put the event's job over the hook's, and say in tags where the picture came from."""
    if not hook.allows(target_of(picture.url).host):
        raise BadInput("The hook does not take pictures from this host.", code="host_not_allowed")
    tags = {**hook.job.tags, **picture.job.tags, **picture.tags, "cms": hook.kind.value, "hook": hook.name}
    try:
        job = hook.job.over(picture.job).over(Job(tags=tags))
    except ValidationError:
        raise BadInput("Together with the hook's own there are more than ten tags.", code="bad_event") from None
    recipes.for_job(job)  # refuse now what intake would have to quarantine later
    return job


def _key(hook: HookRecord, picture: Picture, job: Job) -> str:
    recipe = job.recipe or recipes.resolve(settings().default_recipe).name
    return "/".join(part for part in (recipe, hook.folder, picture.path) if part)
