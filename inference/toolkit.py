"""The serving contract as AWS's inference images call it: their toolkit imports ``model_fn`` and ``transform_fn``.

The toolkit answers any exception it does not know with a bare 500, which would make a picture that is too large look
like a machine that is too small. Its own error type carries a status and a body: ours travel in that.
"""

from typing import Any

from inference import serve
from inference.serve import Serving, input_fn, output_fn, predict_fn
from inference.server import as_known
from inference.warm import wanted, warm
from schemas.stage import StageFailure

__all__ = ["model_fn", "transform_fn"]


def model_fn(model_dir: str) -> Serving:
    """Make ready to serve, with the models that ``CLEANPLATE_WARM`` names ready as well."""
    serving = serve.model_fn(model_dir)
    warm(serving.models, wanted())
    return serving


def transform_fn(model: Serving, data: bytes | str, content_type: str, accept: str) -> tuple[bytes, str]:
    """Answer one request.

    Raises
    ------
    GenericInferenceToolkitError
        With the failure's own status, and a ``StageFailure`` as JSON for its message.
    """
    try:
        return output_fn(predict_fn(input_fn(data, content_type), model), accept)
    except Exception as error:  # noqa: BLE001  the last line: every failure becomes one of three, in words
        known = as_known(error)
        status, said = known.http_status, StageFailure.of(known).model_dump_json()
    # Raised outside of the handler: the toolkit appends the trace to the body, and ours belongs in the log alone.
    raise _toolkit_error(status, said, known.code)


def _toolkit_error(status: int, message: str, phrase: str) -> Exception:
    from sagemaker_inference.errors import GenericInferenceToolkitError

    error: Any = GenericInferenceToolkitError(status, message, phrase)
    return error  # type: ignore[no-any-return]
