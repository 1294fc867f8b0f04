"""The serving program behind the endpoints: SageMaker's container contract, from the side of the caller.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

import http.client
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What the container said."""

    status: int
    content_type: str
    body: bytes
    custom_attributes: str | None = None

    @property
    def failure(self) -> str | None:
        """SageMaker's sentence about an answer that is not 200, or None."""
        if self.status == http.client.OK:
            return None
        kind = "client" if self.status < http.client.INTERNAL_SERVER_ERROR else "server"
        text = self.body.decode(errors="replace")
        return f'Received {kind} error ({self.status}) from primary with message "{text}".'


@dataclass(frozen=True)
class Question:
    """What the container is asked; ``headers`` are those that SageMaker passes on."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    timeout_seconds: float = 60.0


class ContainerUnavailable(Exception):
    """The container cannot be reached, or did not answer in time."""


class Container:
    """A serving program at a base address such as ``http://127.0.0.1:8080``."""

    def __init__(self, base_url: str) -> None:
        self._host = urlsplit(base_url).netloc

    def invoke(self, question: Question) -> Answer:
        """Ask ``/invocations``.

        Raises
        ------
        ContainerUnavailable
            If there is no whole answer within the question's time.
        """
        connection = http.client.HTTPConnection(self._host, timeout=question.timeout_seconds)
        try:
            connection.request("POST", "/invocations", question.body, question.headers)
            response = connection.getresponse()
            return Answer(
                response.status,
                response.getheader("Content-Type", "application/octet-stream"),
                response.read(),
                response.getheader("X-Amzn-SageMaker-Custom-Attributes"),
            )
        except TimeoutError as error:
            reason = f"Model did not respond within {question.timeout_seconds:g} seconds"
            raise ContainerUnavailable(reason) from error
        except (OSError, http.client.HTTPException) as error:
            raise ContainerUnavailable(f"Model container could not be reached ({type(error).__name__})") from error
        finally:
            connection.close()
