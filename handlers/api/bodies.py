"""The body of a request, whichever way API Gateway passes it on."""

import base64

from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent


def body_of(event: BaseProxyEvent) -> bytes:
    """Read the body; what does not call itself text or JSON comes encoded. Empty where it is not what it says."""
    body = (event.body or "").encode()
    try:
        return base64.b64decode(body, validate=True) if event.is_base64_encoded else body
    except ValueError:
        return b""
