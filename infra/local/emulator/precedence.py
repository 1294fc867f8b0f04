"""Whose functions come first when the cores are busy: those that answer a person.

On AWS the API's function shares no core with what works through a queue. On one machine it does, and whoever asks the
API would stand in line with the functions that work on a folder of a thousand pictures.
"""

import re

from ministack.services import apigateway

STANDS_BACK = 10
"""As ``nice`` counts. The models' programs stand back as far: see ``infra.local.programs``."""


def niceness(function: str) -> int:
    """How far the workers of a function stand back: not at all where an HTTP API waits for them."""
    integrations = (each for api in apigateway._integrations.values() for each in api.values())
    asked = any(calls(each.get("integrationUri", ""), function) for each in integrations)
    return 0 if asked else STANDS_BACK


def calls(uri: str, function: str) -> bool:
    """Whether an integration leads to a function: by its address alone, or within API Gateway's."""
    return re.search(rf":function:{re.escape(function)}(?![\w-])", uri) is not None
