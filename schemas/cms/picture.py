"""A picture that an event tells of."""

from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.errors import BadInput
from schemas.job import Job

_LONGEST_NAME = 120


class Picture(NamedTuple):
    """Where a picture lies, what its path in the inbox ends in, and what the system calls it."""

    url: str
    path: str
    tags: dict[str, str]
    job: Job = Job()


class Event(BaseModel):
    """Base of events: content systems add fields without notice. What we do not know is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


E = TypeVar("E", bound=BaseModel)


def read(kind: type[E], body: bytes) -> E:
    """Read an event.

    Raises
    ------
    BadInput
        ``bad_event``; names the first field that is wrong, and repeats nothing.
    """
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "the event"
        raise BadInput(f"{field[:60]}: {first['msg']}", code="bad_event") from None


def part(text: str, otherwise: str) -> str:
    """Make one part of a path of a name that people gave a file: no folders in it, nothing hidden, not too long."""
    name = "".join(char for char in text.replace("\\", "/").rpartition("/")[2] if char.isprintable()).strip(" .")
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[: _LONGEST_NAME - 10]}.{ending[:9]}" if dot else name[:_LONGEST_NAME]
    return name or otherwise


def name_in(url: str) -> str:
    """Tell the name of the file that an address ends in."""
    try:
        return part(unquote(urlsplit(url).path), "picture")
    except ValueError:
        return "picture"


def is_image(media_type: str | None) -> bool:
    """Whether a system says of a file that it is a picture with pixels. Where it says nothing, it may be one."""
    return media_type is None or (media_type.startswith("image/") and not media_type.startswith("image/svg"))
