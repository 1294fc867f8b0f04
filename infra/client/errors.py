"""What can go wrong between a client and the API, beyond the errors that everybody shares."""

from schemas.errors import CleanplateError


class ApiError(CleanplateError):
    """The API, or S3 behind one of its links, said no.

    Parameters
    ----------
    message
        The ``detail`` of the problem document: one sentence for a person.
    code
        Its ``code``: a short stable word.
    status
        HTTP status.
    """

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__(message, code=code)
        self.status = status


class TimedOut(CleanplateError):
    """Waiting took longer than the caller allowed. The run itself goes on."""
