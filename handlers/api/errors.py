"""Errors of the HTTP API's own."""

from schemas.errors import CleanplateError


class NotFound(CleanplateError):
    """There is no such thing, or not yet."""

    http_status = 404


class Conflict(CleanplateError):
    """It was decided otherwise before."""

    http_status = 409


class ChangedMeanwhile(CleanplateError):
    """What the request was made for is not what is there (``If-Match``)."""

    http_status = 412


class NotSignedIn(CleanplateError):
    """Nobody is known to ask."""

    http_status = 401


class Forbidden(CleanplateError):
    """Whoever asks is known, and may not."""

    http_status = 403


class Mismatch(CleanplateError):
    """The same name stood for something else before."""

    http_status = 422


class TooManyRequests(CleanplateError):
    """Whoever asks is to wait some seconds."""

    http_status = 429

    def __init__(self, message: str, *, code: str, seconds: int) -> None:
        super().__init__(message, code=code)
        self.seconds = seconds
