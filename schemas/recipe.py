"""Recipes: named, numbered, immutable documents that say how to treat an asset."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.ids import canonical_json, digest
from schemas.pointers import Document
from schemas.policy import Policy

RecipeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,47}$")]
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,62}$")]


class ModelStep(Document):
    """A model by the name on its card, with its own parameters. Switching a model is one word."""

    model: ModelName
    parameters: dict[str, Any] = {}


class MaskStep(Document):
    """Where the mask comes from.

    A supplied mask always wins, then a box (``box_model`` makes an object of it), then ``detector``.
    Without any of the three a person is asked.
    """

    detector: ModelStep | None = None
    box_model: ModelStep = ModelStep(model="grabcut")
    supplied_model: ModelStep = ModelStep(model="supplied-mask")


class UpscaleStep(Document):
    """Enlargement by a whole factor."""

    model: ModelName
    scale: int = Field(ge=2, le=4)
    parameters: dict[str, Any] = {}


DeliveryFormat = Literal["source", "png", "jpeg"]


class DeliverStep(Document):
    """The file that is delivered. ``source`` keeps the type of the upload where that type can be written."""

    format: DeliveryFormat = "source"
    keep_metadata: bool = Field(default=True, description="keep EXIF (without its orientation) and ICC profile")


class Recipe(Document):
    """How to treat an asset. ``inpaint`` absent means: change nothing, only enlarge."""

    name: RecipeName
    version: int = Field(ge=1)
    summary: str
    mask: MaskStep | None = None
    inpaint: ModelStep | None = None
    refine: ModelStep = ModelStep(model="classical-refine")
    assess: ModelStep = ModelStep(model="classical-assess")
    upscale: UpscaleStep | None = None
    policy: Policy = Policy()
    deliver: DeliverStep = DeliverStep()

    @model_validator(mode="after")
    def _edits_need_a_mask(self) -> "Recipe":
        if (self.mask is None) != (self.inpaint is None):
            raise ValueError("`mask` and `inpaint` belong together: give both, or neither")
        if self.inpaint is None and self.upscale is None:
            raise ValueError("this recipe does nothing: give `mask` and `inpaint`, or `upscale`")
        return self

    @property
    def reference(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def sha256(self) -> str:
        """Hash of the whole document; every run records it."""
        return digest("recipe", canonical_json(self.model_dump(mode="json")))

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
        return Recipe.model_validate({**self.model_dump(), "upscale": step})

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
