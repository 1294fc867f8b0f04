"""boto3 for a local stack."""

import os
from typing import Any

import boto3
import botocore.session

from infra.local.environment import ACCESS_KEY, SECRET_KEY
from infra.local.info import StackInfo

# Logical name -> (config file variable, environment variable, default, conversion). No environment variable: the
# user's profile and files are not looked at, whatever they say.
_NOTHING_OF_THE_USERS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class StackSession(boto3.Session):  # type: ignore[misc]  # boto3 has no types
    """A session whose clients all speak to one stack on this machine, with keys that open nothing else."""

    def __init__(self, info: StackInfo) -> None:
        self._url = info.endpoint_url
        super().__init__(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            region_name=info.region,
            botocore_session=botocore.session.Session(session_vars=_NOTHING_OF_THE_USERS),
        )

    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return a client for the service on this stack."""
        kwargs.setdefault("endpoint_url", self._url)
        return super().client(service_name, *args, **kwargs)

    def resource(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return a resource for the service on this stack."""
        kwargs.setdefault("endpoint_url", self._url)
        return super().resource(service_name, *args, **kwargs)
