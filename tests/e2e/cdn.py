"""The emulated CDN, which serves a distribution by its name in the header ``Host``."""

from typing import Any

import urllib3

from tests.e2e.deployment import Deployment


def ask(deployment: Deployment, path: str, *, method: str = "GET", https: bool = True, **headers: str) -> Any:
    """Ask the CDN for a path, as CloudFront's edge passes on what came by HTTPS, or by HTTP."""
    sent = {"Host": deployment.outputs["CdnDomain"], **headers, **({"X-Forwarded-Proto": "https"} if https else {})}
    url = deployment.info.endpoint_url + path
    return urllib3.request(method, url, headers=sent, retries=False, redirect=False)
