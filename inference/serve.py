"""SageMaker's serving contract: ``model_fn``, ``input_fn``, ``predict_fn``, ``output_fn``.

A request is a ``StageRequest`` and an answer a ``StageResult``, both JSON: pixels stay in S3. The answer is also left
as ``result.json`` beside the outputs, whose place is named by the request's content. A request that comes again (a lost
notification, a retry) therefore finds its answer and costs a look-up instead of a second run.
"""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from inference.artifacts import ArtifactStore, S3ArtifactStore
from inference.nets.out_of_memory import is_out_of_memory
from inference.registry import Models, Registry
from inference.stages.dispatch import run_stage
from inference.weights import models_folder
from schemas.errors import BadInput, PermanentFailure
from schemas.stage import StageRequest, StageResult

JSON = "application/json"
LARGEST_REQUEST = 1 << 20
"""A request holds a few pointers and parameters; a megabyte is a hundred times that."""
_LARGEST_RESULT = 8 << 20

logger = logging.getLogger("cleanplate.serve")


@dataclass(frozen=True)
class Serving:
    """What a container keeps between requests."""

    models: Models
    store: ArtifactStore


def model_fn(model_dir: str) -> Serving:
    """Make ready to serve. Adapters load on first use, or through :func:`inference.warm.warm`.

    Parameters
    ----------
    model_dir
        The unpacked model artifact. Its ``weights`` folder, where there is one, is used instead of the machine's own.
    """
    packed = Path(model_dir) / "weights"
    return Serving(Registry(weights=packed if packed.is_dir() else models_folder()), S3ArtifactStore())


def input_fn(body: bytes | str, content_type: str) -> StageRequest:
    """Parse a request.

    Raises
    ------
    BadInput
        ``bad_request`` for what is no JSON by its type, or far too long.
    PermanentFailure
        ``bad_request``, naming the fields that are wrong but not repeating their values. Requests are written by our
        own functions: one that cannot be read comes from another version of them, which is not the picture's fault.
    """
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise BadInput(f"A request is {JSON}.", code="bad_request")
    if len(body) > LARGEST_REQUEST:
        raise BadInput(f"A request has at most {LARGEST_REQUEST:,} bytes.", code="bad_request")
    try:
        return StageRequest.model_validate_json(body)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)[:5]
        )
        message = f"This is no stage request that these models know: {wrong}. Were they packed by another version?"
        raise PermanentFailure(message, code="bad_request") from error


def predict_fn(request: StageRequest, model: Serving) -> StageResult:
    """Answer from an earlier run where there is one; else do the work, and leave the answer beside the outputs.

    Raises
    ------
    CleanplateError
        What the stage raises. Errors are not kept: asking again works again.
    """
    if (earlier := _earlier(request, model.store)) is not None:
        logger.info("answered from an earlier run: %s", request.result_pointer.uri)
        return earlier
    try:
        result = run_stage(request, model.store, model.models)
    except Exception as error:
        if is_out_of_memory(error):  # whoever asks again finds the memory that other models had
            model.models.release()
        raise
    model.store.put(request.result_pointer, result.model_dump_json().encode(), JSON)
    logger.info("%s by %s took %.2f s: %s", request.stage, request.model, result.seconds, request.output.uri)
    return result


def output_fn(result: StageResult, accept: str) -> tuple[bytes, str]:
    """Write an answer. There is one form, whatever is accepted."""
    del accept
    return result.model_dump_json().encode(), JSON


def use_cores(count: int) -> None:
    """Keep OpenCV to this number of threads; the other runtimes read ``OMP_NUM_THREADS``."""
    import cv2

    cv2.setNumThreads(count)
    os.environ.setdefault("OMP_NUM_THREADS", str(count))


def _earlier(request: StageRequest, store: ArtifactStore) -> StageResult | None:
    """The answer of an earlier run. It is written last, so where it is the outputs are."""
    try:
        return StageResult.model_validate_json(store.get(request.result_pointer, max_bytes=_LARGEST_RESULT))
    except (BadInput, PermanentFailure):
        # Without the right to list a bucket, S3 answers "denied" for what is not there. If the denial is real, reading
        # the inputs will say so.
        return None
    except (ValidationError, json.JSONDecodeError):
        logger.warning("an earlier answer is not readable by this version: %s", request.result_pointer.uri)
        return None
