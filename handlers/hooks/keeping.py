"""Hooks are made, changed, given new secrets and taken away. A secret is told once, when it is made."""

import base64
import re
import secrets as randomness
from typing import NamedTuple

from handlers import marks, recipes
from handlers.aws import hooks, secrets
from handlers.settings import settings
from handlers.webhooks import signing
from schemas.errors import BadInput
from schemas.hook import HookKind, HookRecord, HookRequest, HookRules
from schemas.overlapping import OverlappingSecrets
from schemas.records import now

_OF_CONTENTFUL = re.compile(r"[0-9a-zA-Z+/=_-]{64}")


class Made(NamedTuple):
    """A hook, and its secret if that was made just now."""

    hook: HookRecord
    secret: str | None


def put(name: str, asked: HookRequest) -> Made:
    """Make a hook, or change what is there under its name; it keeps its secret unless another is given.

    Raises
    ------
    BadInput
        If its job cannot be done here, or its secret is none that such a system signs with.
    """
    marks.wanted_by(recipes.for_job(asked.job))
    if asked.secret is not None:
        _check(asked.kind, asked.secret)
    before, moment = hooks.find(name), now()
    rules = HookRules.model_validate(asked.model_dump(exclude={"secret"}, exclude_unset=True))
    hook = HookRecord(
        **{field: getattr(rules, field) for field in HookRules.model_fields},
        name=name,
        created_at=before.created_at if before else moment,
        updated_at=moment,
    )
    made = None
    if asked.secret is not None or before is None or before.kind is not asked.kind:
        secret = asked.secret or _new(asked.kind)
        _keep(name, OverlappingSecrets(current=secret))
        made = None if asked.secret else secret
    hooks.put(hook)  # after its secret: a hook without one would refuse everything
    return Made(hook, made)


def rotate(hook: HookRecord) -> str:
    """Give a hook a new secret; the older one is good for another day."""
    before, secret = secrets_of(hook.name), _new(hook.kind)
    _keep(hook.name, before.replaced_by(secret, now()) if before else OverlappingSecrets(current=secret))
    return secret


def remove(hook: HookRecord) -> None:
    """Take a hook away, and its secret. What it ordered goes on."""
    hooks.remove(hook.name)
    secrets.forget(_place(hook.name))


def secrets_of(name: str) -> OverlappingSecrets | None:
    """Read what a hook's events may be signed with."""
    text = secrets.read(_place(name))
    return OverlappingSecrets.model_validate_json(text) if text else None


def _keep(name: str, kept: OverlappingSecrets) -> None:
    secrets.write(_place(name), kept.model_dump_json(exclude_none=True))


def _place(name: str) -> str:
    return f"{settings().endpoint_prefix}/hooks/{name}"  # the role names this place: template.yaml


def _new(kind: HookKind) -> str:
    if kind is HookKind.CONTENTFUL:
        return randomness.token_hex(32)  # 64 characters, as it wants them
    if kind is HookKind.SANITY:
        return randomness.token_urlsafe(32)
    return signing.made_up()


def _check(kind: HookKind, secret: str) -> None:
    if kind is HookKind.CONTENTFUL and not _OF_CONTENTFUL.fullmatch(secret):
        raise BadInput("A signing secret of Contentful has 64 characters.", code="bad_secret")
    if kind in (HookKind.GENERIC, HookKind.WORDPRESS):
        try:
            length = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
        except ValueError:
            length = 0
        if not secret.startswith("whsec_") or not 24 <= length <= 64:
            raise BadInput("A secret of Standard Webhooks is `whsec_` and 24 to 64 bytes in base64.", code="bad_secret")
