"""Errors of the HTTP API's own."""

from schemas.errors import CleanplateError


class NotFound(CleanplateError):
    """There is no such thing, or not yet."""

    http_status = 404


class Conflict(CleanplateError):
    """It was decided otherwise before."""

    http_status = 409


class NotSignedIn(CleanplateError):
    """Nobody is known to ask."""

    http_status = 401


class Forbidden(CleanplateError):
    """Whoever asks is known, and may not."""

    http_status = 403
