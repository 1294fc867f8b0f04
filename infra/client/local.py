"""An embedded stack, as a client looks at it."""

from typing import Protocol


class LocalStack(Protocol):
    """What the client needs to know of an embedded stack."""

    @property
    def endpoint_url(self) -> str:
        """Where the emulator listens."""
        ...

    @property
    def region(self) -> str:
        """Region that it plays."""
        ...

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs."""
        ...
