"""What every generator reads from a request."""

from typing import Any

from inference.parameters import number, text, whole
from inference.protocols import Parameters
from schemas.errors import BadInput


def asked_for(prompt: str) -> str:
    """The prompt, checked.

    Raises
    ------
    BadInput
        ``prompt`` where there is none, ``parameter`` where it is too long or cannot be printed.
    """
    said = text({"prompt": prompt}, "prompt")
    if not said:
        raise BadInput("A prompt is needed: say what the picture is to show.", code="prompt")
    return said


def guidance(parameters: Parameters, *, steps: int, scale: float) -> dict[str, Any]:
    """What pipelines of diffusers call ``num_inference_steps``, ``guidance_scale`` and ``negative_prompt``.

    Parameters
    ----------
    steps, scale
        Used where the request names none.

    Raises
    ------
    BadInput
        ``parameter``.
    """
    return {
        "num_inference_steps": whole(parameters, "num_inference_steps", steps, low=1, high=150),
        "guidance_scale": number(parameters, "guidance_scale", scale, low=0, high=30),
        # Left out where it is empty: models that know none then do not have to refuse it.
        "negative_prompt": text(parameters, "negative_prompt") or None,
    }
