"""Who signs: a certificate chain, and its key in KMS or, on one machine, beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from pydantic import Field, ValidationError

from handlers.aws import secrets, signing_keys
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.pointers import Document

_ARN, _BEGIN = "arn:", "-----BEGIN CERTIFICATE-----"
_COORDINATE = 32
"""Bytes of each half of a P-256 signature."""


@dataclass(frozen=True)
class Signer:
    """Signs as ES256 does.

    ``chain`` is the certificates in PEM, the signer's own first. ``sign`` gives the 64 bytes r || s over a message.
    ``time_stamps`` is the address of a time stamp authority (RFC 3161); empty for none.
    """

    chain: str
    sign: Callable[[bytes], bytes] = field(repr=False)
    time_stamps: str = ""


class SigningSecret(Document):
    """The secret as it is kept: PEM certificates, and the ARN of a KMS key or a private key in PEM."""

    chain: str = Field(pattern="^-----BEGIN CERTIFICATE-----", max_length=60_000)
    key: str = Field(pattern="^(arn:aws[a-z-]*:kms:|-----BEGIN (EC )?PRIVATE KEY-----)", max_length=4096, repr=False)


def signer() -> Signer | None:
    """Return who signs in this deployment; ``None`` where nothing is signed.

    The secret is read every time: whoever replaces it need not wait for functions to end.

    Raises
    ------
    PermanentFailure
        ``signing_secret`` if it is missing or no such document; never says what is in it.
    """
    kept = _secret()
    if kept is None:
        return None
    by = partial(signing_keys.sign, kept.key) if kept.key.startswith(_ARN) else _with_private_key(kept.key)
    return Signer(kept.chain, lambda message: _as_pair(by(message)), settings().time_stamp_url)


def is_configured() -> bool:
    """Whether this deployment signs what it delivers."""
    return bool(settings().signing_secret)


def anchor() -> str:
    """Return the certificate that this deployment's own chain ends in, in PEM; empty where nothing is signed.

    Raises
    ------
    PermanentFailure
        As :func:`signer`.
    """
    kept = _secret()
    return _BEGIN + kept.chain.rpartition(_BEGIN)[2] if kept else ""


def _secret() -> SigningSecret | None:
    name = settings().signing_secret
    if not name:
        return None
    try:
        return SigningSecret.model_validate_json(secrets.read(name) or "")
    except ValidationError:
        message = f"The secret `{name}` does not hold a certificate chain and its key; see docs/credentials.md."
        raise PermanentFailure(message, code="signing_secret") from None


def _with_private_key(pem: str) -> Callable[[bytes], bytes]:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    wrong = PermanentFailure("The key in the signing secret is no P-256 key.", code="signing_secret")
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise wrong from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise wrong
    return lambda message: key.sign(message, ECDSA(SHA256()))


def _as_pair(der: bytes) -> bytes:
    """KMS and OpenSSL sign in DER; COSE wants the two numbers side by side (RFC 9053, section 2.1)."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    return b"".join(number.to_bytes(_COORDINATE, "big") for number in decode_dss_signature(der))
