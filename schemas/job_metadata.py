"""A job's fields as an object's metadata carries them: short texts, all ASCII, that people can write too."""

from collections.abc import Callable
from typing import Any, get_args
from urllib.parse import parse_qsl, quote, urlencode

from schemas.delivering import DeliveryFormat
from schemas.given import Rights
from schemas.recipe import DEFAULT_UPSCALERS, Tier
from schemas.words import LONGEST_PROMPT, as_metadata, from_metadata

MOST_TAGS = 10


def _tags(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict"))


READ: dict[str, Callable[[str], Any]] = {
    "mask": from_metadata,
    "prompt": from_metadata,
    "negative_prompt": from_metadata,
    "scale": int,
    "tags": _tags,
}
"""How a text becomes what the field takes; all others take the text."""

WRITTEN: dict[str, Callable[[Any], str]] = {
    "mask": as_metadata,
    "prompt": as_metadata,
    "negative_prompt": as_metadata,
    "box": lambda box: ",".join(str(box[side]) for side in ("x", "y", "width", "height")),
    "point": lambda point: f"{point['x']},{point['y']}",
    "tags": lambda tags: urlencode(tags, quote_via=quote),
    "cache": lambda on: str(on).lower(),
    "hold": lambda on: str(on).lower(),
}
"""How the JSON of a field becomes a text; all others are written as they are."""

_PROMPT = (
    "bad_prompt",
    f"A prompt has 1 to {LONGEST_PROMPT} characters; in metadata it is ASCII, or encoded as RFC 2047 says.",
)
REFUSALS: dict[str, tuple[str, str]] = {
    "recipe": ("unknown_recipe", "The metadata names no recipe that there could be."),
    "mask": ("mask_missing", "The metadata names a mask that cannot be in the inbox."),
    "box": ("bad_box", "The box in the metadata is not four whole numbers x,y,width,height with a size above 0."),
    "point": ("bad_point", "The point in the metadata is not two whole numbers x,y."),
    "prompt": _PROMPT,
    "negative_prompt": _PROMPT,
    "seed": ("bad_seed", "The seed in the metadata is not a whole number from 0 to 4294967295."),
    "scale": ("bad_scale", f"Possible enlargements: {', '.join(map(str, [1, *sorted(DEFAULT_UPSCALERS)]))}."),
    "tier": ("bad_tier", f"There is no such tier; possible: {', '.join(get_args(Tier))}."),
    "format": ("bad_format", f"Pictures cannot be delivered so; possible: {', '.join(get_args(DeliveryFormat))}."),
    "rights": ("bad_rights", f"The metadata `rights` is one of: {', '.join(get_args(Rights))}."),
    "callback": ("bad_callback", "The callback in the metadata is not an https address of at most 500 characters."),
    "tags": (
        "bad_tags",
        f"Tags are written name=text&name=text: at most {MOST_TAGS}, names of a-z, 0-9, dot, dash and underscore.",
    ),
    "cache": ("bad_cache", "The metadata `cache` is true or false."),
    "hold": ("bad_hold", "The metadata `hold` is true or false."),
    "batch": ("bad_batch", "The metadata `batch` is not the name of a batch."),
}
"""What is said of a text that makes no sense: a code, and a sentence."""
