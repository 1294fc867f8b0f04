"""The development certificate that an embedded stack signs Content Credentials with, and its anchor."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SECRET = "cleanplate/content-credentials"  # noqa: S105  its name
COMMON_NAME = "Cleanplate development certificate, trusted by nobody"
_AUTHORITY = "Cleanplate development authority, trusted by nobody"
_ORGANISATION = "Cleanplate development"
_VALID, _RENEW_BEFORE = timedelta(days=365), timedelta(days=30)
_EARLIER = timedelta(minutes=5)
"""Clocks differ."""


def anchor_path(state_dir: Path) -> Path:
    """Where the certificates lie that files of this stack are checked against."""
    return state_dir / "content-credentials.pem"


def ensure(session: Any, state_dir: Path) -> str:
    """Make sure that there is a certificate, and return the name of the secret that holds it and its key.

    The key is nowhere else. Anchors of earlier certificates stay in the file: what they signed remains valid.
    """
    secrets, path = session.client("secretsmanager"), anchor_path(state_dir)
    if path.exists() and _is_good(_kept(secrets)):
        return SECRET
    chain, key, anchor = made(datetime.now(UTC))
    text = json.dumps({"chain": chain, "key": key})
    try:
        secrets.create_secret(Name=SECRET, SecretString=text)
    except secrets.exceptions.ResourceExistsException:
        secrets.put_secret_value(SecretId=SECRET, SecretString=text)
    with path.open("a") as file:
        file.write(anchor)
    return SECRET


def made(now: datetime) -> tuple[str, str, str]:
    """Make an authority and a certificate of it; return chain, private key and anchor, all in PEM.

    The authority's key is forgotten at once: it never vouches for anything else. Their fields are those that the C2PA
    specification wants of a signer (section 14.5.1), with its purpose ``emailProtection``.
    """
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _name(_AUTHORITY)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    root = (
        _certificate(authority, authority, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(authority_key, SHA256())
    )
    leaf = (
        _certificate(_name(COMMON_NAME), authority, key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, SHA256())
    )
    anchor = root.public_bytes(Encoding.PEM).decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return leaf.public_bytes(Encoding.PEM).decode() + anchor, private, anchor


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION)
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _kept(secrets: Any) -> str:
    try:
        return str(secrets.get_secret_value(SecretId=SECRET)["SecretString"])
    except secrets.exceptions.ResourceNotFoundException:
        return ""


def _is_good(text: str) -> bool:
    """Whether a secret holds a certificate that is valid for a while."""
    try:
        certificate = x509.load_pem_x509_certificate(json.loads(text)["chain"].encode())
    except (ValueError, KeyError, TypeError):
        return False
    return certificate.not_valid_after_utc - datetime.now(UTC) > _RENEW_BEFORE
