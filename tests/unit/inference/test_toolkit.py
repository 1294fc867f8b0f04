"""Our errors pass through AWS's serving toolkit with their status and their words."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from sagemaker_inference.default_inference_handler import DefaultInferenceHandler
from sagemaker_inference.transformer import Transformer

import inference.toolkit
from inference.serve import Serving
from schemas.errors import PermanentFailure, TransientFailure
from schemas.events import InferenceNotification


class Context:
    """What the model server gives the toolkit; keeps the status that was set."""

    def __init__(self) -> None:
        self.system_properties = {"model_dir": "/opt/ml/model"}
        self.status = 200
        self.request_processor = [
            SimpleNamespace(get_request_properties=lambda: {"Content-Type": "application/json", "Accept": "*/*"})
        ]

    def set_response_status(self, code: int, phrase: str) -> None:
        self.status = code

    def set_response_content_type(self, *_: Any) -> None:
        """The type does not matter here."""


@pytest.fixture
def transformer(monkeypatch: pytest.MonkeyPatch) -> Transformer:
    """AWS's own transformer, with our functions in place of those it would import from ``code/serve.py``."""
    transformer = Transformer(default_inference_handler=DefaultInferenceHandler())
    transformer._transform_fn = inference.toolkit.transform_fn
    transformer._run_handler_function = lambda function, *arguments: function(*arguments)
    transformer._model = Serving(None, None)  # type: ignore[arg-type]  never reached: the requests are refused before
    transformer._environment = SimpleNamespace(default_accept="application/json")
    transformer._initialized = True
    return transformer


def test_a_refusal_keeps_its_status_and_its_words(transformer: Transformer) -> None:
    context = Context()
    said = transformer.transform([{"body": b'{"stage": "mask"}'}], context)[0]
    assert context.status == PermanentFailure.http_status
    document, _ = json.JSONDecoder().raw_decode(said)
    assert (document["error"], document["code"]) == ("PermanentFailure", "bad_request")


def test_settle_understands_what_the_toolkit_makes_of_an_error(
    transformer: Transformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(inference.toolkit, "predict_fn", exhausted)
    monkeypatch.setattr(inference.toolkit, "input_fn", lambda *_: None)
    context = Context()
    said = transformer.transform([{"body": b"{}"}], context)[0]
    assert context.status == TransientFailure.http_status
    assert "Traceback" in said  # the toolkit's own, appended to our words
    assert "MemoryError" not in said
    reason = f"ClientError: Received server error ({context.status}) from primary with message {json.dumps(said)}."
    notification = InferenceNotification.model_validate(
        {"inferenceId": "i-1", "invocationStatus": "Failed", "failureReason": reason}
    )
    failure = notification.failure()
    assert isinstance(failure, TransientFailure)
    assert failure.code == "out_of_memory"
