"""The three ways in which work can go wrong, from the container to the state machine.

Step Functions decides by the *name* of an error alone, so exactly these three names cross a process boundary.
What went wrong in detail is the ``code``: a short stable word that code and dashboards can count.
"""

from typing import ClassVar


class CleanplateError(Exception):
    """Base of every error that Cleanplate raises on purpose.

    Parameters
    ----------
    message
        One sentence for the person who has to act on it. Never a stack trace, never a secret.
    code
        Short stable word, for counting: ``truncated``, ``mask_size``, ``out_of_memory``.
    """

    retryable: ClassVar[bool] = False
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(f"{code}: {message}")
        self.message = message
        self.code = code


class BadInput(CleanplateError):
    """The picture, mask or instruction cannot be used. Asking again gives the same answer: quarantine."""

    http_status = 400


class PermanentFailure(CleanplateError):
    """Our side cannot do it and asking again will not help: a missing model, a broken configuration."""

    http_status = 422


class TransientFailure(CleanplateError):
    """Worth asking again: out of memory, throttled, a network that hiccuped."""

    retryable = True
    http_status = 503


BY_NAME: dict[str, type[CleanplateError]] = {
    kind.__name__: kind for kind in (BadInput, PermanentFailure, TransientFailure)
}
