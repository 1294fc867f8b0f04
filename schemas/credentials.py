"""Content Credentials: what a delivered file says about how it was made, in the words of C2PA 2.4 and of the IPTC.

These are the documents; ``schemas.claims`` fills them from a run, ``handlers.credentials`` signs them into a file.
"""

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from schemas.asset import MediaType
from schemas.pointers import Box, Document
from schemas.records import Moment, timestamp

GENERATOR, VERSION = "Cleanplate", "0.1.0"
SPECIFICATION = "2.4.0"
"""Version of the C2PA specification whose words are used."""
NAMESPACE = "org.cleanplate"
"""Before what the specification has no word for. It is a name, not an address that somebody owns."""
MOST_REGIONS = 100
"""Of one action. A pattern all over the picture has thousands, and a claim is signed as one message of bounded size."""
_CARRIERS = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/tiff", "image/gif"})


class SourceType(StrEnum):
    """How a picture came about: IPTC's Digital Source Type, as far as it concerns what is done here.

    ``ENHANCED`` is what classical methods do; none of them is called trained or generative.
    """

    GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    ENHANCED = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"


ActionName = Literal[
    "c2pa.opened",
    "c2pa.created",
    "c2pa.edited",
    "c2pa.edited.metadata",
    "c2pa.resized.proportional",
    "c2pa.transcoded",
    "c2pa.published",
]
"""What is done here has these names. Not ``c2pa.removed``: that is for ingredients that somebody had placed."""


class Agent(Document):
    """The software that did something: a model, or this program."""

    name: str = Field(min_length=1, max_length=200)
    version: str | None = Field(default=None, max_length=100)


class Action(Document):
    """One thing that was done, where in the delivered picture, by what and when."""

    action: ActionName
    description: str = Field(max_length=1000)
    agent: Agent
    when: Moment | None = None
    source_type: SourceType | None = None
    regions: list[Box] = Field(default=[], max_length=MOST_REGIONS, description="pixels of the delivered picture")
    parameters: dict[str, Any] = {}

    def written(self) -> dict[str, Any]:
        """Write it as an entry of ``c2pa.actions.v2``."""
        written: dict[str, Any] = {
            "action": self.action,
            "description": self.description,
            "softwareAgent": self.agent.model_dump(exclude_none=True),
        }
        if self.when is not None:
            written["when"] = timestamp(self.when.replace(microsecond=0))
        if self.source_type is not None:
            written["digitalSourceType"] = str(self.source_type)
        if self.regions:
            written["changes"] = [_region(box) for box in self.regions]
        if self.parameters:
            written["parameters"] = {f"{NAMESPACE}.{name}": value for name, value in self.parameters.items()}
        return written


class Parent(Document):
    """What the picture was made from: the upload. ``inputTo`` is a sketch that a scene follows."""

    title: str = Field(max_length=200)
    media_type: str
    relationship: Literal["parentOf", "inputTo"] = "parentOf"


class Claim(Document):
    """All that one delivered file says about itself."""

    title: str = Field(max_length=200)
    parent: Parent | None
    actions: list[Action] = Field(min_length=1)
    facts: dict[str, str] = Field(default={}, description="asset, run and recipe, to look the record up by")

    @property
    def source_type(self) -> SourceType | None:
        """How the whole picture came about; ``None`` where nothing generative worked on it.

        That it was a photograph is not said: nobody here saw it being taken.
        """
        said = {action.source_type for action in self.actions}
        return next((kind for kind in (SourceType.GENERATED, SourceType.COMPOSITE) if kind in said), None)

    @property
    def creates(self) -> bool:
        """Whether this is a new picture, not one that was edited."""
        return self.actions[0].action == "c2pa.created"

    def definition(self, media_type: str) -> dict[str, Any]:
        """Write it as a manifest definition for C2PA's builder, which puts ``c2pa.opened`` first by itself."""
        actions = [action.written() for action in self.actions if action.action != "c2pa.opened"]
        return {
            "claim_version": 2,
            "claim_generator_info": [{"name": GENERATOR, "version": VERSION, "specVersion": SPECIFICATION}],
            "title": self.title,
            "format": media_type,
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"allActionsIncluded": True, "actions": actions}},
                {"label": f"{NAMESPACE}.record", "data": self.facts, "created": True},
            ],
        }


def can_carry(media_type: str) -> bool:
    """Whether files of this type can carry Content Credentials. BMP cannot."""
    return str(media_type) in _CARRIERS


def words_of(media_type: str) -> str:
    """Name a type as people do: ``JPEG``."""
    names = {MediaType.TIFF: "TIFF", MediaType.WEBP: "WebP"}
    return next((name for kind, name in names.items() if kind == media_type), media_type.rpartition("/")[2].upper())


def _region(box: Box) -> dict[str, Any]:
    # No `role`: the library, as of 0.91.3, refuses every value of it that it does not make up itself.
    shape = {
        "type": "rectangle",
        "unit": "pixel",
        "origin": {"x": box.x, "y": box.y},
        "width": box.width,
        "height": box.height,
    }
    return {"region": [{"type": "spatial", "shape": shape}]}
