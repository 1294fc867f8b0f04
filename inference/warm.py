"""Models made ready before the first request: loaded, and each let work once on a picture of its own.

The first run of a net on a GPU is slow: libraries are loaded, kernels chosen and compiled, memory is taken. Nobody's
picture should wait for that.
"""

import logging
import os
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import numpy as np

from inference.protocols import (
    Assessor,
    FilledBy,
    Generator,
    Inpainter,
    Mask,
    Masker,
    Parameters,
    PromptScorer,
    Refiner,
    Restorer,
    Rgb,
    Upscaler,
)
from inference.registry import Models
from schemas.errors import CleanplateError
from schemas.pointers import Box
from schemas.stage import Stage

SIDE = 256
"""Pixels. Every kernel of a net runs at this size too, and models without a GPU are done in a moment."""

_PROMPT = "a photograph"

logger = logging.getLogger("cleanplate.warm")


def wanted() -> list[str]:
    """Names in ``CLEANPLATE_WARM``, which are separated by commas."""
    return [name.strip() for name in os.environ.get("CLEANPLATE_WARM", "").split(",") if name.strip()]


def warm(models: Models, names: Sequence[str]) -> list[str]:
    """Make these models ready, and return the names of those that are.

    One that cannot be made ready is logged and left out: the others must be served, and a request for that one is
    answered with the reason.
    """
    return [name for name in names if _is_ready(models, name)]


def _is_ready(models: Models, name: str) -> bool:
    began = perf_counter()
    try:
        card = models.card(name)
        adapter = models.load(name)
        if card.stage in _RUNS:
            _RUNS[card.stage](adapter, _quick(card.defaults))
    except CleanplateError as error:
        logger.error("%s is not ready: %s", name, error.message)
        return False
    except Exception:
        logger.exception("%s is not ready", name)
        return False
    logger.info("%s is ready after %.1f s", name, perf_counter() - began)
    return True


def _quick(defaults: Parameters) -> Parameters:
    """A model's own parameters, with two steps where it takes many: one step compiles as much as thirty do.

    Two, because inpainting at a strength below one rounds a single step down to none.
    """
    steps = (
        {"num_inference_steps": min(2, defaults["num_inference_steps"])} if "num_inference_steps" in defaults else {}
    )
    return {"prompt": _PROMPT, **defaults, **steps}


def _picture() -> Rgb:
    """A slope with a disc: something to look at for every kind of model, and the same each time."""
    y, x = np.mgrid[:SIDE, :SIDE]
    picture = np.dstack([x, y, 255 - x]) * (255 / SIDE)
    picture[np.hypot(x - SIDE / 2, y - SIDE / 2) < SIDE / 8] = 240
    return picture.astype(np.uint8)


def _hole() -> Mask:
    hole = np.zeros((SIDE, SIDE), bool)
    hole[SIDE // 3 : SIDE // 2, SIDE // 3 : SIDE // 2] = True
    return hole


def _mask(masker: Masker, parameters: Parameters) -> None:
    box = Box(x=SIDE // 3, y=SIDE // 3, width=SIDE // 3, height=SIDE // 3)
    supplied = _hole().astype(np.uint8) * 255
    masker.find(_picture(), supplied=supplied, box=box, parameters=parameters)


def _inpaint(inpainter: Inpainter | Restorer, parameters: Parameters) -> None:
    if isinstance(inpainter, Restorer):  # which measures; what it cannot measure, another model fills
        return
    inpainter.fill(_picture(), _hole(), seed=0, parameters=parameters)


def _refine(refiner: Refiner, parameters: Parameters) -> None:
    refiner.refine(_picture(), _picture(), _hole(), seed=0, parameters=parameters)


def _upscale(upscaler: Upscaler, parameters: Parameters) -> None:
    upscaler.enlarge(_picture(), parameters=parameters)


def _assess(assessor: Assessor, parameters: Parameters) -> None:
    hole = _hole()
    fill = FilledBy("by-hole", np.zeros_like(hole))
    assessor.assess_native(_picture(), _picture(), hole, hole.astype(np.float32), fill=fill, parameters=parameters)


def _generate(generator: Generator, parameters: Parameters) -> None:
    sketch = _picture() if getattr(generator, "follows_sketch", False) else None
    generator.generate(_PROMPT, (SIDE, SIDE), sketch=sketch, seed=0, parameters=parameters)


def _score(scorer: PromptScorer, parameters: Parameters) -> None:
    scorer.agreement(_picture(), _PROMPT, parameters=parameters)


_RUNS: dict[Stage, Callable[[Any, Parameters], None]] = {
    Stage.MASK: _mask,
    Stage.INPAINT: _inpaint,
    Stage.REFINE: _refine,
    Stage.UPSCALE: _upscale,
    Stage.ASSESS: _assess,
    Stage.PREVIEW: _generate,
    Stage.GENERATE: _generate,
    Stage.SCORE: _score,
}
