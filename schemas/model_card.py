"""Model cards: what a model is, where its weights come from and what one may do with it."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from schemas.pointers import Document, Sha256
from schemas.recipe import ModelName
from schemas.stage import Stage

WeightFile = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*\.(onnx|tflite|param|bin|safetensors|json|txt|model)$"
    ),
]
"""Relative name of a weight file, or of a small file beside it. No pickle: only formats that hold numbers or words."""


class Weights(Document):
    """One weight file: where to get it and how to know that it is the right one.

    ``source`` is ``pypi:PACKAGE==VERSION!path/in/wheel``, ``https://...``, ``s3://bucket/key`` or ``file:///path``.
    """

    file: WeightFile
    source: Annotated[str, StringConstraints(pattern=r"^(pypi:|https://|s3://|file://)")]
    sha256: Sha256
    size_bytes: int = Field(gt=0)
    licence: str


class ModelCard(Document):
    """What the registry, the policy and the provenance need to know about a model."""

    name: ModelName
    version: str
    stage: Stage
    summary: str
    adapter: Annotated[str, StringConstraints(pattern=r"^inference(\.[a-z_0-9]+)+:[A-Za-z]+$")]
    licence: str
    commercial_use: bool
    generative: bool = Field(description="whether it may invent content that was never photographed")
    weights: list[Weights] = []
    needs: list[WeightFile] = Field(
        default=[],
        description="files that the adapter needs and somebody has to add: `cleanplate models add`",
    )
    scale: int | None = Field(default=None, description="enlargement factor of an upscaler")
    max_megapixels: float | None = None
    defaults: dict[str, Any] = {}
    limits: str = Field(default="", description="what it does badly, in words a reviewer understands")

    @property
    def unmet(self) -> list[str]:
        """Files that the adapter needs and that somebody has to add, because no entry of ``weights`` names them."""
        there = {weights.file for weights in self.weights}
        return [file for file in self.needs if file not in there]
