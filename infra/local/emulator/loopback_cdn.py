"""A CDN's name on this machine, ``<distribution>.cloudfront.localhost``, is read over HTTP.

AWS
    Sends viewers that come over HTTP on to HTTPS, where a distribution says so.
ministack
    Serves plain HTTP alone, and does the same: a browser on this machine would be sent to where nobody listens.

Names that end in ``.localhost`` lead to this machine and to no other, in every browser. Under ``cloudfront.net``
nothing is different from AWS.
"""

from typing import Any

from ministack.services import cloudfront

_HEADERS = 4
"""Where the headers stand in what ``handle_viewer_request`` is called with, behind the distribution."""


def apply() -> None:
    """Take what comes under such a name as if it had come encrypted."""
    serve = cloudfront.handle_viewer_request

    async def serve_over_loopback(dist: Any, *request: Any) -> Any:
        headers = request[_HEADERS]
        if headers.get("host", "").partition(":")[0].endswith(".localhost"):
            headers = {**headers, "x-forwarded-proto": "https"}
        return await serve(dist, *request[:_HEADERS], headers, *request[_HEADERS + 1 :])

    cloudfront.handle_viewer_request = serve_over_loopback
