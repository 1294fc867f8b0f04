"""What every answer tells a browser not to do with it."""

import base64
import hashlib
from urllib.parse import urlsplit

from handlers.aws import storage
from handlers.settings import settings
from schemas.pointers import S3Pointer

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
DOCUMENT_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that nobody looks at as a page."""

_ANY = "any"


def page_policy() -> str:
    """Write the page's content security policy: its own files, pictures from the buckets, and sign-in."""
    pictures = " ".join(_buckets())
    sign_in = f" {settings().sign_in_url}" if settings().sign_in_url else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob: data: {pictures}",
            f"connect-src 'self'{sign_in} {pictures}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def styled_policy(style: str) -> str:
    """Write the policy of a page that has one style within it, named by its hash, and nothing else."""
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"{DOCUMENT_POLICY}; style-src 'sha256-{named}'"


def _buckets() -> list[str]:
    """Where presigned links lead: asked of the signer, who knows how regions and local stacks write them."""
    names = (settings().inbox_bucket, settings().work_bucket, settings().delivery_bucket)
    links = (urlsplit(storage.presigned_get(S3Pointer(bucket=name, key=_ANY))) for name in names)
    return [f"{link.scheme}://{link.netloc}{link.path.removesuffix(_ANY)}" for link in links]
