"""Whoever signs has a key that nobody else sees."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_public_key

from handlers.aws import clients, secrets
from handlers.credentials.signer import signer
from handlers.settings import settings
from infra.local import credentials
from schemas.errors import PermanentFailure

NAME = "cleanplate/content-credentials"


@pytest.fixture
def named(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the deployment the name of its signing secret."""
    monkeypatch.setenv("SIGNING_SECRET", NAME)
    settings.cache_clear()


@pytest.mark.usefixtures("aws")
def test_without_a_secret_nothing_is_signed() -> None:
    assert signer() is None


def _fits(key: object, signature: bytes, message: bytes) -> None:
    assert isinstance(key, EllipticCurvePublicKey)
    assert len(signature) == 64
    first, second = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    key.verify(encode_dss_signature(first, second), message, ECDSA(SHA256()))


@pytest.mark.usefixtures("named")
def test_a_local_key_signs_as_es256_does() -> None:
    chain, key, _ = credentials.made(datetime.now(UTC))
    secrets.write(NAME, json.dumps({"chain": chain, "key": key}))
    found = signer()
    assert found is not None
    assert key not in repr(found)
    for message in (b"a", b"b" * 5000):
        _fits(x509.load_pem_x509_certificate(chain.encode()).public_key(), found.sign(message), message)


@pytest.mark.usefixtures("named")
def test_a_key_in_kms_signs_as_es256_does_however_long_the_claim() -> None:
    kms = clients.client("kms")
    made = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]
    chain, _, _ = credentials.made(datetime.now(UTC))
    secrets.write(NAME, json.dumps({"chain": chain, "key": made["Arn"]}))
    found = signer()
    assert found is not None
    # moto knows no MessageType and hashes the hash once more, so what fits is the signature over the hash.
    public = load_der_public_key(kms.get_public_key(KeyId=made["KeyId"])["PublicKey"])
    message = b"claim" * 2000
    _fits(public, found.sign(message), hashlib.sha256(message).digest())


RSA = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    "text", ["", "{}", "not json", '{"chain": "x", "key": "y"}', RSA], ids=["none", "empty", "text", "wrong", "key"]
)
def test_a_secret_that_is_none_is_told_without_its_content(text: str) -> None:
    if text:
        secrets.write(NAME, text)
    with pytest.raises(PermanentFailure) as failure:
        signer()
    assert failure.value.code == "signing_secret"
    assert "PRIVATE" not in str(failure.value)


@pytest.mark.usefixtures("named")
def test_a_key_of_another_kind_is_refused() -> None:
    chain, _, _ = credentials.made(datetime.now(UTC))
    secrets.write(NAME, json.dumps({"chain": chain, "key": RSA}))
    with pytest.raises(PermanentFailure, match="no P-256 key"):
        signer()


@pytest.mark.usefixtures("aws")
def test_a_stack_keeps_its_certificate_and_every_anchor_it_ever_had(tmp_path: Path) -> None:
    class Session:
        client = staticmethod(clients.client)

    name = credentials.ensure(Session, tmp_path)
    first = secrets.read(name)
    assert credentials.ensure(Session, tmp_path) == name
    assert secrets.read(name) == first
    secrets.write(name, "lost")
    credentials.ensure(Session, tmp_path)
    assert secrets.read(name) not in (first, "lost")
    assert credentials.anchor_path(tmp_path).read_text().count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE" not in credentials.anchor_path(tmp_path).read_text()
