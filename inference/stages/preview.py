"""A small, quick answer to a prompt, and how well it shows what was asked for: a bad prompt costs cents."""

from inference.artifacts import ArtifactStore
from inference.loaded import place_of
from inference.nets.device import device_name
from inference.parameters import text
from inference.pictures import Picture, encode
from inference.protocols import PromptScorer
from inference.registry import Models, model_use
from inference.stages.generate import drawn, on_white, size_asked
from inference.stages.job import Job
from schemas.asset import MediaType
from schemas.errors import BadInput, PermanentFailure
from schemas.signals import Signals
from schemas.stage import Stage, StageRequest, StageResult


def preview(request: StageRequest, store: ArtifactStore, models: Models) -> StageResult:
    """Run a light generator at a small size, write its ``image`` as PNG and score it against the prompt.

    A light model that follows no sketch, or knows no negative prompts, previews the words alone: it is the prompt that
    is in question.

    Raises
    ------
    BadInput
        ``prompt``, ``scorer`` where the request names none, ``parameter``, and what decoding refuses.
    PermanentFailure
        ``unknown_model``, ``weights_missing`` or ``not_permitted``, of the generator and of the scorer.
    """
    job = Job(request, store, models)
    # Both models are asked for before either works: a missing scorer must not cost a generation.
    scorer_card = models.card(_scorer(job), Stage.SCORE)
    scorer: PromptScorer = models.load(scorer_card.name)
    sketch = on_white(job.picture("source")) if job.has("source") and job.adapter.follows_sketch else None
    heeded = job.parameters if job.adapter.heeds_negative else job.parameters.but(negative_prompt="")
    made = drawn(job, size_asked(job), sketch, heeded)
    agreement = scorer.agreement(made, text(job.parameters, "prompt"), parameters=scorer_card.defaults)
    if not 0 <= agreement <= 1:
        raise PermanentFailure(f"`{scorer_card.name}` scored {agreement}, not 0 to 1.", code="model_output")
    job.write("image", "image.png", encode(Picture(made), MediaType.PNG), MediaType.PNG.value)
    signals = Signals(changed_outside_mask=0, mask_share=0, prompt_agreement=agreement)
    scored_by = model_use(scorer_card, device_name(place_of(scorer)))
    return job.result(signals=signals, scored_by=scored_by, width=made.shape[1], height=made.shape[0])


def _scorer(job: Job) -> str:
    name = text(job.parameters, "scorer", longest=63)
    if not name:
        raise BadInput("A preview needs a `scorer`: a model of stage `score`.", code="scorer")
    return name
