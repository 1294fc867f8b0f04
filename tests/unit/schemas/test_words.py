"""Words survive the way through object metadata, whatever language they are in, and are one line when they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.words import LONGEST_PROMPT, PromptText, as_metadata, from_metadata, metadata_bytes

PROMPT: TypeAdapter[str] = TypeAdapter(PromptText)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(text=TEXT)
def test_any_text_comes_back_from_metadata_as_it_went_in(text: str) -> None:
    written = as_metadata(text)
    assert written.isascii()
    assert written.isprintable()
    assert from_metadata(written) == text


def test_plain_words_stay_readable_in_metadata() -> None:
    assert as_metadata("a lighthouse at dusk, 35 mm") == "a lighthouse at dusk, 35 mm"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?UTF-8?Q?ein_gr=C3=BCner_Leuchtturm?=", "ein grüner Leuchtturm"),  # as S3 hands out what came as UTF-8
        ("=?utf-8?b?54Gv5Y+w?=", "灯台"),
        ("=?iso-8859-1?q?caf=E9?=", "café"),
        ("100 % = all? yes", "100 % = all? yes"),
    ],
)
def test_what_others_encode_is_read(value: str, text: str) -> None:
    assert from_metadata(value) == text


@pytest.mark.parametrize("value", ["=?no-such-charset?q?a?=", "=?utf-8?q?=FF=FE?=", "=?utf-8?b?A?="])
def test_a_broken_encoding_is_an_error(value: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_metadata(value)


@given(text=TEXT)
def test_a_prompt_is_one_printable_line(text: str) -> None:
    try:
        prompt = PROMPT.validate_python(text)
    except ValidationError:
        assert not any(char.isprintable() and not char.isspace() for char in text)
        return
    assert prompt == " ".join(prompt.split())
    assert PROMPT.validate_python(prompt) == prompt


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "x" * (LONGEST_PROMPT + 1)])
def test_what_says_nothing_or_too_much_is_no_prompt(text: str) -> None:
    with pytest.raises(ValidationError):
        PROMPT.validate_python(text)


def test_metadata_is_counted_in_bytes() -> None:
    assert metadata_bytes({"prompt": "abc", "box": "é"}) == 6 + 3 + 3 + 2
