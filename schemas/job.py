"""A job: what somebody wants done with a picture, whichever door it comes through."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from schemas.delivering import DeliveryFormat
from schemas.errors import BadInput
from schemas.given import Rights
from schemas.job_metadata import MOST_TAGS, READ, REFUSALS, WRITTEN
from schemas.pointers import Box, Document, Point
from schemas.recipe import Tier
from schemas.stage import LARGEST_SEED
from schemas.words import PromptText, one_line

_POINTED = frozenset(("mask", "box", "point"))


def _box(value: Any) -> Any:
    return Box.parse(value) if isinstance(value, str) else value


def _point(value: Any) -> Any:
    return Point.parse(value) if isinstance(value, str) else value


def _words(value: Any) -> Any:
    """``order: 42`` is meant as the text that it looks like."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return one_line(value) if isinstance(value, str) else value


TagName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]{1,40}$")]
TagText = Annotated[str, BeforeValidator(_words), StringConstraints(min_length=1, max_length=100)]
Tags = Annotated[dict[TagName, TagText], Field(max_length=MOST_TAGS)]
"""What whoever brings a picture calls it; it comes out again with every outcome, and decides nothing."""

CallbackUrl = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=500)]
"""Where outcomes are told. Only its form is checked here: that it may be asked is known where it is asked."""

BatchId = Annotated[str, StringConstraints(pattern=r"^b-[0-9a-f]{24}$")]


class Job(Document):
    """What is to be done with a picture; what is left out is left to the recipe, or to the deployment.

    One document for all doors: an upload's metadata, a sidecar, the API, a batch, a CMS, the command line.
    """

    recipe: str | None = Field(
        default=None,
        min_length=1,
        max_length=120,
        description="`name` or `name@version`; else the deployment's default",
    )
    mask: str | None = Field(
        default=None, min_length=1, max_length=1024, description="key of the mask in the inbox; it must be there before"
    )
    box: Annotated[Box, BeforeValidator(_box)] | None = Field(
        default=None, description="around the object to remove; in text `x,y,width,height`"
    )
    point: Annotated[Point, BeforeValidator(_point)] | None = Field(
        default=None, description="a click on the object to remove; in text `x,y`"
    )
    prompt: PromptText | None = Field(default=None, description="what a generated picture shows")
    negative_prompt: PromptText | None = Field(default=None, description="what it does not show")
    seed: int | None = Field(default=None, ge=0, le=LARGEST_SEED, description="of whatever is made up")
    scale: Literal[1, 2, 4] | None = Field(default=None, description="enlargement, 1 for none")
    tier: Tier | None = Field(default=None, description="how much a result may cost")
    format: DeliveryFormat | None = Field(default=None, description="type of the delivered files")
    rights: Rights | None = Field(default=None, description="what is stated about the picture")
    callback: CallbackUrl | None = Field(default=None, description="https address that is told of the outcome")
    tags: Tags = Field(default={}, description=f"at most {MOST_TAGS} names of your own; outcomes carry them")
    cache: bool = Field(default=True, description="`false` has every step done anew, also where its answer is known")
    hold: bool = Field(default=False, description="`true` takes the picture in and starts nothing")
    batch: BatchId | None = Field(default=None, description="the batch that the picture belongs to; set by Cleanplate")

    @property
    def stated(self) -> dict[str, Any]:
        """What was said, as JSON; what was left out is not in it."""
        said: dict[str, Any] = self.model_dump(
            mode="json", include=set(Job.model_fields), exclude_unset=True, exclude_none=True
        )
        return said

    def over(self, other: "Job") -> "Job":
        """Put ``other`` over this job: what it states wins.

        A mask, a box and a click all say what is to go: whoever states one of them takes the place of all three.
        """
        said = self.stated
        if _POINTED & other.stated.keys():
            said = {name: value for name, value in said.items() if name not in _POINTED}
        return Job.model_validate({**said, **other.stated})

    @property
    def metadata(self) -> dict[str, str]:
        """Write what is stated as an object's metadata, which is ASCII."""
        return {_header(name): WRITTEN.get(name, str)(value) for name, value in self.stated.items()}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str]) -> "Job":
        """Read the job in an object's metadata; names that are none of a job's belong to others.

        Raises
        ------
        BadInput
            If a value makes no sense: ``bad_box``, ``bad_seed`` and so on.
        """
        said: dict[str, Any] = {}
        for field in Job.model_fields:
            if (text := metadata.get(_header(field))) is not None:
                try:
                    said[field] = READ[field](text) if field in READ else text
                except ValueError:
                    raise _refusal(field) from None
        try:
            return Job.model_validate(said)
        except ValidationError as error:
            raise _refusal(str(error.errors(include_input=False)[0]["loc"][0])) from None


def _header(field: str) -> str:
    return field.replace("_", "-")


def _refusal(field: str) -> BadInput:
    code, message = REFUSALS[field]
    return BadInput(message, code=code)
