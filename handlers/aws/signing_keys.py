"""KMS: signatures with a key that never leaves it."""

import hashlib

from handlers.aws.clients import client, translated


def sign(key: str, message: bytes) -> bytes:
    """Sign a message by ECDSA with SHA-256; the signature is in DER. ``key`` is the ARN of a P-256 key.

    Only the hash travels: a claim may be longer than the 4,096 bytes that KMS takes.
    """
    digest = hashlib.sha256(message).digest()
    with translated("signing Content Credentials"):
        answer = client("kms").sign(KeyId=key, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
    return bytes(answer["Signature"])
