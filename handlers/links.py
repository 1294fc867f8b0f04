"""Links: addresses under which delivered files are read at the CDN, signed where the CDN lets in nobody else."""

from datetime import datetime

from pydantic import Field, ValidationError

from handlers.aws import secrets
from handlers.settings import settings
from schemas import signed_link
from schemas.errors import PermanentFailure
from schemas.pointers import Document


class LinkSecret(Document):
    """The secret as it is kept: a private key in PEM, and which of the two public keys it belongs to."""

    key: str = Field(pattern="^-----BEGIN (RSA )?PRIVATE KEY-----", max_length=4096, repr=False)
    slot: int = Field(default=1, ge=1, le=2)


def are_signed() -> bool:
    """Whether the CDN of this deployment lets in only who has a signed address."""
    return bool(settings().link_secret)


def query_for(folder: str, expires_at: datetime) -> str:
    """Sign addresses of everything in one folder of the CDN; what stands behind the ``?`` of each.

    Parameters
    ----------
    folder
        As keys have it, with its slash: ``assets/<asset>/``.

    Raises
    ------
    PermanentFailure
        ``link_secret`` if the secret is missing, is no such document, or belongs to a key that is not deployed; never
        says what is in it.
    """
    try:
        kept = LinkSecret.model_validate_json(secrets.read(settings().link_secret) or "")
    except ValidationError:
        raise _unusable("does not hold a private key in PEM") from None
    key_id = settings().link_key_ids.split(",")[kept.slot - 1 :][:1]
    if not key_id or not key_id[0]:
        raise _unusable(f"says slot {kept.slot}, for which no public key is deployed")
    policy = signed_link.policy_of(f"{settings().delivery_url}/{folder}*", expires_at)
    return signed_link.query_of(policy, _signed(kept.key, policy), key_id[0])


def _signed(private_key: str, message: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    try:
        key = serialization.load_pem_private_key(private_key.encode(), password=None)
    except ValueError:
        raise _unusable("holds a key that cannot be read") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _unusable("holds a key that is not RSA")
    # SHA-1 is what CloudFront checks. What is signed is our own text, of which nobody else chooses a byte.
    return key.sign(message, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303


def _unusable(why: str) -> PermanentFailure:
    return PermanentFailure(f"The secret of links {why}; see docs/delivery.md.", code="link_secret")
