"""Signatures as Standard Webhooks has them, and the secrets behind them, which two are of for a day after a change."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime

from pydantic import Field, ValidationError

from handlers.aws import secrets as kept
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.overlapping import OverlappingSecrets

CALLBACKS = "callback"
"""Whose secret callbacks are signed with, which no webhook is registered for."""
_PREFIX = "whsec_"
_BYTES = 32


class SigningSecrets(OverlappingSecrets):
    """The secret of an endpoint, and the one before it for as long as it still signs."""

    current: str = Field(min_length=24, repr=False)

    @property
    def shown(self) -> str:
        """The secret as receivers' libraries take it. CloudFormation makes one up without the prefix."""
        return _PREFIX + self.current.removeprefix(_PREFIX)

    def rotated(self, moment: datetime) -> "SigningSecrets":
        """Make the next secret up; this one signs beside it for a day."""
        return self.replaced_by(made_up(), moment)

    def headers(self, message_id: str, moment: datetime, body: str) -> Mapping[str, str]:
        """Sign a message."""
        from standardwebhooks import Webhook

        signatures = [Webhook(secret).sign(message_id, moment, body) for secret in self.good_at(moment)]
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def new() -> SigningSecrets:
    """Make up the secret of an endpoint that has none."""
    return SigningSecrets(current=made_up())


def keep(endpoint: str, given: SigningSecrets) -> None:
    """Keep the secrets of a webhook, or of ``CALLBACKS``."""
    kept.write(_name(endpoint), given.model_dump_json(exclude_none=True))


def of(endpoint: str) -> SigningSecrets:
    """Read the secrets of a webhook, or of ``CALLBACKS``.

    Raises
    ------
    PermanentFailure
        ``no_secret`` if there are none, or somebody wrote them by hand.
    """
    text = kept.read(_name(endpoint))
    try:
        return SigningSecrets.model_validate_json(text or "")
    except ValidationError:
        raise PermanentFailure("The secret of this webhook is missing; rotate it.", code="no_secret") from None


def forget(endpoint: str) -> None:
    """Delete the secrets of a webhook."""
    kept.forget(_name(endpoint))


def made_up() -> str:
    """Make up a secret as Standard Webhooks wants them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def _name(endpoint: str) -> str:
    return f"{settings().endpoint_prefix}/webhooks/{endpoint}"
