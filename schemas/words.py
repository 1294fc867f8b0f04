"""Words that say what a generated picture shows: as people write them, and as an object's metadata carries them."""

import base64
import unicodedata
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

LONGEST_PROMPT = 1000
"""Characters. The text encoders of today's generators read some 77 to 512 tokens; more would be ignored unseen."""

LARGEST_METADATA = 2048
"""Bytes of all metadata of one object, names and values together: S3 refuses more."""


def one_line(text: str) -> str:
    """Collapse white space, line breaks too, and drop control characters: headers and logs hold one line."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char) != "Cc").split())


PromptText = Annotated[
    str, AfterValidator(one_line), StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PROMPT)
]
"""What a picture is to show, or not to show."""


def as_metadata(text: str) -> str:
    """Write a text so that it fits object metadata, which is ASCII: as it is, else as one RFC 2047 encoded word.

    That is the form in which S3 itself hands out metadata that came in as anything but ASCII.
    """
    if text.isascii() and text.isprintable() and "=?" not in text and text == text.strip():
        return text
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def from_metadata(value: str) -> str:
    """Read what `as_metadata`, S3 or anybody's mail library wrote.

    Raises
    ------
    ValueError
        If it begins an encoded word and does not keep to its encoding.
    """
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError) as error:
        raise ValueError("not the encoding that it says") from error


def metadata_bytes(metadata: Mapping[str, str]) -> int:
    """Count as S3 does: the bytes of all names and values."""
    return sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
