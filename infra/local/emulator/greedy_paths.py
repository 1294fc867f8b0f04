"""The folder that a greedy route stands for.

AWS
    ``GET /review/{proxy+}`` takes ``/review/`` as well; the variable is empty then. A route key cannot end in a slash,
    so nothing else could name that path.
ministack
    Wants at least one character: ``/review/`` falls to ``ANY /{proxy+}``, whose authorizer refuses it.
"""

import re

from ministack.services import apigateway

_GREEDY = re.compile(r"(?P<folder>.+/)\{(?P<name>[^{}/]+)\+\}")


def apply() -> None:
    """Let a greedy variable below a folder be empty."""
    extract = apigateway._extract_path_params

    def extract_or_empty(route_path: str, request_path: str) -> dict[str, str] | None:
        found: dict[str, str] | None = extract(route_path, request_path)
        greedy = _GREEDY.fullmatch(route_path)
        if found is None and greedy and greedy["folder"] == request_path:
            return {greedy["name"]: ""}
        return found

    apigateway._extract_path_params = extract_or_empty
