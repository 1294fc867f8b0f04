"""Requests over the loopback interface count as encrypted.

AWS
    Is reached over TLS, and buckets carry a policy that denies everything where ``aws:SecureTransport`` is false.
ministack
    Serves plain HTTP here, and applies that policy: every function would be denied its own buckets.

Nothing of the loopback interface can be read on the way, which is what the condition is about.
"""

from ministack import app as application


def apply() -> None:
    """Answer ``aws:SecureTransport`` with true."""
    pin = application.pin_request_origin

    def pin_as_secure(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, True)

    application.pin_request_origin = pin_as_secure
