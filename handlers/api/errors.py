"""Errors of the HTTP API's own."""

from schemas.errors import CleanplateError


class NotFound(CleanplateError):
    """There is no such thing, or not yet."""

    http_status = 404


class Conflict(CleanplateError):
    """It was decided otherwise before."""

    http_status = 409
