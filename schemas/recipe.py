"""Recipes: named, numbered, immutable documents that say how to treat an asset."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from schemas.delivering import DeliverStep
from schemas.ids import canonical_json, digest
from schemas.mark import MOST_MARKS, MarkName
from schemas.names import ModelName, RecipeName
from schemas.pointers import Document
from schemas.policy import Policy
from schemas.sizes import LARGEST_SIDE, SMALLEST_SIDE
from schemas.stage import LARGEST_SEED
from schemas.words import PromptText


class ModelStep(Document):
    """A model by the name on its card, with its own parameters. Switching a model is one word."""

    model: ModelName
    parameters: dict[str, Any] = {}


class MaskStep(Document):
    """Where the mask comes from.

    A supplied mask always wins, then a box or a click (``box_model`` makes an object of it), then ``detector`` together
    with the registered ``marks``: all that there are, those named, or none. Where there is nothing to go by a person is
    asked.
    """

    detector: ModelStep | None = None
    marks: Literal["all", "none"] | Annotated[list[MarkName], Field(min_length=1, max_length=MOST_MARKS)] = "none"
    marks_model: ModelStep = ModelStep(model="registered-mark")
    box_model: ModelStep = ModelStep(model="grabcut")
    supplied_model: ModelStep = ModelStep(model="supplied-mask")


class PreviewStep(Document):
    """The gate before expensive work: a light generator answers first, small, and a scorer reads its answer.

    Below ``ask_below`` the chain stops and asks a person: nothing expensive has run.
    """

    model: ModelName
    scorer: ModelName = Field(description="compares picture and prompt; what its 0..1 mean says its card")
    ask_below: float = Field(ge=0, le=1, description="agreement of picture and prompt that lets the chain go on")
    long_side: int = Field(default=512, ge=128, le=1024, description="pixels of the preview's longer side")
    parameters: dict[str, Any] = {}


class GenerateStep(Document):
    """A scene made out of words, and out of the lines of a sketch where ``from_sketch`` is set.

    Without ``width`` and ``height`` the scene has the size of the upload, within bounds (`schemas.sizes`).
    """

    model: ModelName
    from_sketch: bool = Field(default=True, description="follow the upload's lines; else only its size is taken")
    width: int | None = Field(default=None, ge=SMALLEST_SIDE, le=LARGEST_SIDE)
    height: int | None = Field(default=None, ge=SMALLEST_SIDE, le=LARGEST_SIDE)
    parameters: dict[str, Any] = {}

    @model_validator(mode="after")
    def _whole_size(self) -> "GenerateStep":
        if (self.width is None) != (self.height is None):
            raise ValueError("give both `width` and `height`, or neither")
        return self


class UpscaleStep(Document):
    """Enlargement by a whole factor."""

    model: ModelName
    scale: int = Field(ge=2, le=4)
    parameters: dict[str, Any] = {}


Tier = Literal["preview", "web", "print"]
"""How much a result may cost. ``preview``: a quick look, not enlarged, no second model, a JPEG. ``web``: not enlarged.
``print``: enlarged, twofold where the recipe does not say how far."""


class Recipe(Document):
    """How to treat an asset: repair it (``mask`` and ``inpaint``), make a scene of it (``generate``), or only enlarge.

    ``prompt`` and ``negative_prompt`` are used where an upload brings no words of its own; in the recipe that a run
    carries they are the words that it works with.
    """

    name: RecipeName
    version: int = Field(ge=1)
    summary: str
    prompt: PromptText | None = None
    negative_prompt: PromptText | None = None
    seed: int | None = Field(default=None, ge=0, le=LARGEST_SEED, description="of whatever is made up")
    mask: MaskStep | None = None
    preview: PreviewStep | None = None
    inpaint: ModelStep | None = None
    generate: GenerateStep | None = None
    refine: ModelStep = ModelStep(model="classical-refine")
    assess: ModelStep = ModelStep(model="classical-assess")
    upscale: UpscaleStep | None = None
    policy: Policy = Policy()
    tier: Tier | None = Field(default=None, description="how much a result may cost; see `Tier`")
    deliver: DeliverStep = DeliverStep()

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Recipe":
        if (self.mask is None) != (self.inpaint is None):
            raise ValueError("`mask` and `inpaint` belong together: give both, or neither")
        if self.inpaint is not None and self.generate is not None:
            raise ValueError("a recipe repairs (`mask`, `inpaint`) or makes a scene (`generate`), not both")
        makes = (self.inpaint, self.generate, self.upscale, self.deliver.web, self.deliver.print)
        if not any(makes):
            raise ValueError("this recipe does nothing: give `mask` and `inpaint`, `generate`, `upscale` or files")
        return self

    @model_validator(mode="after")
    def _words_are_read(self) -> "Recipe":
        if self.inpaint is None and self.generate is None:
            if self.preview is not None:
                raise ValueError("`preview` comes before `inpaint` or `generate`; this recipe has neither")
            if self.prompt is not None or self.negative_prompt is not None:
                raise ValueError("nothing in this recipe reads a prompt: give `inpaint` or `generate`, or no prompt")
        return self

    @model_validator(mode="after")
    def _people_see_what_was_invented(self) -> "Recipe":
        if self.generate is not None and self.policy.conservative and self.policy.review == "never":
            raise ValueError("a conservative recipe asks a person about every scene; `review: never` contradicts that")
        return self

    @model_validator(mode="after")
    def _keeps_its_tier(self) -> "Recipe":
        if self.tier in ("preview", "web") and self.upscale is not None:
            raise ValueError(f"`tier: {self.tier}` enlarges nothing, and the recipe has `upscale`")
        if self.tier == "print" and self.upscale is None:
            raise ValueError("`tier: print` enlarges: give `upscale`")
        return self

    @property
    def reference(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def sha256(self) -> str:
        """Hash of the whole document; every run records it."""
        return digest("recipe", self.canonical)

    @property
    def canonical(self) -> str:
        """The whole document in the one form that its hash is of; it reads back as this recipe."""
        return canonical_json({**self.model_dump(mode="json"), "deliver": self.deliver.as_hashed})

    @property
    def takes_prompt(self) -> bool:
        """Whether an upload may bring words: something makes a picture of them, or the recipe has some to replace."""
        return self.generate is not None or self.preview is not None or self.prompt is not None

    @property
    def needs_prompt(self) -> bool:
        """Whether there is nothing to be done without words."""
        return self.generate is not None or self.preview is not None

    def with_prompt(self, prompt: str | None, negative_prompt: str | None) -> "Recipe":
        """Give the same recipe other words; what is ``None`` stays as it is.

        Raises
        ------
        ValueError
            If it takes none, or they are empty or too long.
        """
        if not self.takes_prompt:
            raise ValueError("this recipe takes no prompt")
        given = {"prompt": prompt, "negative_prompt": negative_prompt}
        words = {name: text for name, text in given.items() if text is not None}
        return Recipe.model_validate({**self.model_dump(), **words})

    def with_seed(self, seed: int) -> "Recipe":
        """Give the same recipe another seed, which every step that makes something up is given over its own.

        Raises
        ------
        ValueError
            If it is no number that all models take.
        """
        return Recipe.model_validate({**self.model_dump(), "seed": seed})

    def with_scale(self, scale: int, models: dict[int, str]) -> "Recipe":
        """Give the same recipe another enlargement; 1 means none.

        Parameters
        ----------
        scale
            1, 2, 3 or 4.
        models
            Upscaler by factor, from ``DEFAULT_UPSCALERS`` or the deployment's own table.

        Raises
        ------
        ValueError
            If no model enlarges by this factor, or nothing would be left to do.
        """
        if scale == 1:
            step = None
        elif self.upscale is not None and self.upscale.scale == scale:
            return self
        elif scale in models:
            step = UpscaleStep(model=models[scale], scale=scale)
        else:
            raise ValueError(f"no model enlarges by {scale}; possible: 1, {', '.join(map(str, sorted(models)))}")
        return Recipe.model_validate({**self.model_dump(), "upscale": step, "tier": None})

    def with_tier(self, tier: Tier) -> "Recipe":
        """Give the same recipe another tier.

        Raises
        ------
        ValueError
            If nothing would be left to do: the recipe only enlarges, and the tier does not.
        """
        changes: dict[str, Any] = {"tier": tier}
        if tier == "print":
            changes["upscale"] = self.upscale or UpscaleStep(model=DEFAULT_UPSCALERS[2], scale=2)
        else:
            changes["upscale"] = None
        if tier == "preview":
            changes["policy"] = {**self.policy.model_dump(), "on_low_confidence": None}
            changes["deliver"] = {**self.deliver.model_dump(), "format": "jpeg", "web": None, "print": None}
        if tier == "web":
            changes["deliver"] = {**self.deliver.model_dump(), "print": None}
        return Recipe.model_validate({**self.model_dump(), **changes})

    def with_format(self, name: str) -> "Recipe":
        """Give the same recipe another type of delivered file.

        Raises
        ------
        ValueError
            If it is none of ``source``, ``png`` and ``jpeg``.
        """
        deliver = {**self.deliver.model_dump(), "format": name}
        return Recipe.model_validate({**self.model_dump(), "deliver": deliver})


DEFAULT_UPSCALERS = {2: "span-x2", 4: "span-x4"}
