"""Model cards: what a model is, where its weights come from and what one may do with it."""

import re
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from schemas.names import ModelName
from schemas.pointers import Document, Sha256
from schemas.stage import Stage

WeightFile = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9_-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*\.(onnx|tflite|param|bin|safetensors|json|txt|model|jinja)$"
    ),
]
"""Relative name of a weight file, or of a small file beside it. No pickle: only formats that hold numbers or words."""


class Weights(Document):
    """One weight file: where to get it and how to know that it is the right one.

    ``source`` is ``pypi:PACKAGE==VERSION!path/in/wheel``, ``https://...``, ``hf://OWNER/REPO@REVISION/path``,
    ``s3://bucket/key`` or ``file:///path``.
    """

    file: WeightFile
    source: Annotated[
        str, StringConstraints(pattern=r"^(pypi:|https://|http://(localhost|127\.0\.0\.1)[:/]|hf://|s3://|file://)")
    ]
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
        """Files that the adapter needs and that somebody has to add, because no entry of ``weights`` names them.

        A large file may come in parts instead, with an index of them.
        """
        there = {weights.file for weights in self.weights}
        return [file for file in self.needs if not {file, index_of(file)} & there]

    def admits(self, file: str) -> bool:
        """Whether somebody may add this file: one that the adapter needs, or a part of it with its index."""
        return any(file in (need, index_of(need)) or is_part(file, need) for need in self.needs)


class AddedWeights(Document):
    """The files that somebody added to a card that ships without them. Nothing else of the card can be changed so."""

    completes: ModelName
    weights: list[Weights] = Field(min_length=1)

    def on(self, card: ModelCard) -> ModelCard:
        """Return the card with these files.

        Raises
        ------
        ValueError
            Saying which file it does not need, or has already, or which licence is not that of the card: policies go
            by the card's.
        """
        there = {weights.file for weights in card.weights}
        for weights in self.weights:
            if weights.file in there or not card.admits(weights.file):
                raise ValueError(f"`{card.name}` has no need of {weights.file}")
            if weights.licence != card.licence:
                raise ValueError(f"{weights.file} is under {weights.licence}, `{card.name}` under {card.licence}")
            there.add(weights.file)
        return card.model_copy(update={"weights": [*card.weights, *self.weights]})


def index_of(file: str) -> str:
    """Name of the list of its parts, where a file comes in parts: ``model.safetensors.index.json``."""
    return f"{file}.index.json"


def is_part(file: str, whole: str) -> bool:
    """Whether a file is a part of another: ``model-00001-of-00002.safetensors`` of ``model.safetensors``."""
    stem, dot, ending = whole.rpartition(".")
    return bool(dot) and re.fullmatch(rf"{re.escape(stem)}-\d{{5}}-of-\d{{5}}\.{re.escape(ending)}", file) is not None
