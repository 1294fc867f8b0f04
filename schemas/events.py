"""Events from outside, reduced to what we use. Real captured ones lie in ``tests/events``."""

import base64
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.errors import CleanplateError, PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer
from schemas.stage import StageFailure


class _Event(BaseModel):
    """AWS adds fields to its events without notice: what we do not know is ignored, what we use is checked."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class _Bucket(_Event):
    name: str


class _Object(_Event):
    key: str
    version_id: Annotated[str | None, Field(alias="version-id")] = None


class _ObjectCreatedDetail(_Event):
    bucket: _Bucket
    object: _Object


class ObjectCreated(_Event):
    """S3's event as EventBridge delivers it. The key is plain text there, not URL-encoded."""

    source: Literal["aws.s3"]
    detail_type: Annotated[Literal["Object Created"], Field(alias="detail-type")]
    detail: _ObjectCreatedDetail

    @property
    def pointer(self) -> S3Pointer:
        """The object that was created."""
        return S3Pointer(
            bucket=self.detail.bucket.name,
            key=self.detail.object.key,
            version_id=self.detail.object.version_id,
        )

    @staticmethod
    def written(bucket: str, key: str) -> str:
        """Write a hint to look at an object, as if it had just arrived; which version lies there is seen then."""
        detail = {"bucket": {"name": bucket}, "object": {"key": key}}
        return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})


class _FolderContinuesDetail(_Event):
    bucket: _Bucket
    object: _Object
    token: str


class FolderContinues(_Event):
    """Our own word that there are more photos in a mask's folder than were looked at."""

    source: Literal["cleanplate"]
    detail_type: Annotated[Literal["Folder Continues"], Field(alias="detail-type")]
    detail: _FolderContinuesDetail

    @property
    def mask(self) -> S3Pointer:
        """The folder's mask."""
        return S3Pointer(bucket=self.detail.bucket.name, key=self.detail.object.key)

    @staticmethod
    def written(bucket: str, key: str, token: str) -> str:
        """Write it."""
        detail = {"bucket": {"name": bucket}, "object": {"key": key}, "token": token}
        return json.dumps({"source": "cleanplate", "detail-type": "Folder Continues", "detail": detail})


class _ExecutionDetail(_Event):
    name: str
    status: Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
    input: str | None = None


class ExecutionEnded(_Event):
    """Step Functions' own word that an execution ended."""

    source: Literal["aws.states"]
    detail: _ExecutionDetail


class _ResponseBody(_Event):
    content: str = ""
    encoding: str = ""

    @property
    def text(self) -> str:
        """The body as text; empty when it is not what its encoding says."""
        if self.encoding != "BASE64":
            return self.content
        try:
            return base64.b64decode(self.content, validate=True).decode()
        except ValueError:
            return ""


class _ResponseParameters(_Event):
    output: Annotated[str, Field(alias="outputLocation")] = ""


class InferenceNotification(_Event):
    """What SageMaker publishes when an asynchronous inference is over."""

    inference_id: Annotated[str, Field(alias="inferenceId")]
    status: Annotated[Literal["Completed", "Failed"], Field(alias="invocationStatus")]
    failure_reason: Annotated[str, Field(alias="failureReason")] = ""
    response: Annotated[_ResponseBody, Field(alias="responseBody")] = _ResponseBody()
    parameters: Annotated[_ResponseParameters, Field(alias="responseParameters")] = _ResponseParameters()

    @property
    def answer(self) -> S3Pointer | None:
        """Where SageMaker left the container's answer; ``None`` where it left none."""
        try:
            return S3Pointer.from_uri(self.parameters.output)
        except ValueError:
            return None

    def failure(self) -> CleanplateError:
        """Turn the failure into our error.

        The container says what went wrong in its body. SageMaker adds it to the notification where the endpoint asks
        for that (``IncludeInferenceResponseIn``), and quotes it in some of its reasons; many say no more than "See the
        SageMaker Endpoint logs". Without the body (the container was killed, or never answered) the request may work
        next time.
        """
        for text in (self.response.text, self.failure_reason):
            said = _said_by_container(text)
            if said:
                return said.to_error()
        if "(400)" in self.failure_reason:
            return PermanentFailure("The model's container refused the request.", code="container_refused")
        return TransientFailure("The model's container did not answer.", code="container_failed")


def _said_by_container(text: str) -> StageFailure | None:
    """Find the container's own words in a text that holds or quotes them, with or without escaped quotes.

    What follows them does not matter: serving toolkits append a stack trace, SageMaker the address of its logs.
    """
    tail = text[max(text.find("{"), 0) :]
    for quoted in (tail, _unescaped(tail)):
        try:
            document, _ = json.JSONDecoder().raw_decode(quoted)
            return StageFailure.model_validate(document)
        except (ValueError, RecursionError):  # the latter for what is nested without end
            continue
    return None


def _unescaped(text: str) -> str:
    """Undo the escaping of a text that was quoted, up to the quotation mark that ends it."""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(f'"{text}"')
    except ValueError:
        return ""
    return str(value)


class StateMachineError(_Event):
    """``$states.errorOutput`` of a Catch: the error's name, and a cause that may be a Lambda's JSON or plain text."""

    error: Annotated[str, Field(alias="Error")]
    cause: Annotated[Any, Field(alias="Cause")] = ""
