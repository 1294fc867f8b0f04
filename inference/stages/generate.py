"""Make a picture out of words, and out of a sketch where there is one."""

import numpy as np

from inference.artifacts import ArtifactStore
from inference.generation.words import asked_for
from inference.parameters import text, whole
from inference.pictures import Picture
from inference.protocols import Parameters, Rgb
from inference.registry import Models
from inference.stages.job import Job, checked_rgb
from schemas.asset import MediaType
from schemas.errors import BadInput, PermanentFailure
from schemas.stage import LARGEST_SEED, StageRequest, StageResult

SMALLEST, LARGEST = 64, 4096
"""Sides of a scene, pixels. Generators work at about a megapixel: beyond 16 an upscaler does better."""


def generate(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run a generator and write its ``image``, in the type of the sketch where ``format`` says ``source``.

    Nothing of the sketch's file is carried over: its EXIF and profile are about another picture.

    Raises
    ------
    BadInput
        ``prompt``, ``parameter``, what decoding refuses, and what the generator refuses.
    PermanentFailure
        ``no_sketch_model`` where the recipe has a sketch followed by a model that follows none.
    """
    job = Job(request, store, models)
    sketch = job.picture("source") if job.has("source") else None
    made = drawn(job, size_asked(job), on_white(sketch) if sketch else None, job.parameters)
    job.write_image(Picture(made, media_type=sketch.media_type if sketch else MediaType.PNG))
    return job.result(width=made.shape[1], height=made.shape[0])


def drawn(job: Job, size: tuple[int, int], sketch: Rgb | None, parameters: Parameters) -> Rgb:
    """What the job's generator makes at this height and width."""
    if sketch is not None and not job.adapter.follows_sketch:
        message = f"`{job.card.name}` cannot follow a sketch: name a model that does in the recipe's `generate`."
        raise PermanentFailure(message, code="no_sketch_model")
    prompt = asked_for(text(job.parameters, "prompt"))
    seed = whole(job.parameters, "seed", 0, low=0, high=LARGEST_SEED)
    made = job.adapter.generate(prompt, size, sketch=sketch, seed=seed, parameters=parameters)
    return checked_rgb(job.card.name, made, (*size, 3))


def size_asked(job: Job) -> tuple[int, int]:
    """Height and width of the scene.

    Raises
    ------
    BadInput
        ``parameter`` where one is missing or out of range.
    """
    for side in ("width", "height"):
        if side not in job.parameters:
            raise BadInput(f"The parameter `{side}` of the scene is missing.", code="parameter")
    width = whole(job.parameters, "width", 0, low=SMALLEST, high=LARGEST)
    return whole(job.parameters, "height", 0, low=SMALLEST, high=LARGEST), width


def on_white(sketch: Picture) -> Rgb:
    """A sketch as somebody sees it on paper: line art is often black all over and drawn by its transparency."""
    rgb, alpha = sketch.rgb8(), sketch.alpha8()
    if alpha is None:
        return rgb
    share = alpha[..., None].astype(np.uint16)
    return ((rgb * share + 255 * (255 - share) + 127) // 255).astype(np.uint8)
