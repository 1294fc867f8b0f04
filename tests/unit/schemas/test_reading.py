"""What people write is read as they see it; what is wrong is named by line, column and field, with a hint."""

import contextlib
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.flaws import Flaw, FlawedDocument, Place
from schemas.recipe import Recipe
from schemas.recipe_text import LARGEST, read_recipe
from schemas.written import Unreadable, from_json, from_yaml

GOOD = "name: shrink\nversion: 1\nsummary: x\nupscale: {model: span-x2, scale: 2}\n"


def flaws(text: str | bytes, **options: Any) -> list[Flaw]:
    with pytest.raises(FlawedDocument) as raised:
        read_recipe(text, **options)
    assert raised.value.code == "bad_recipe"
    assert len(raised.value.message) < 600
    return raised.value.flaws


@pytest.mark.parametrize(
    ("lines", "line", "column", "field", "says"),
    [
        ("colour: red", 5, 1, "colour", "no such field; there are: name, version"),
        ("policy:\n  deliver_abov: 0.8", 6, 3, "policy.deliver_abov", "did you mean `deliver_above`?"),
        ("policy:\n  # why\n  review: allways", 7, 11, "policy.review", "did you mean `always`?"),
        ("deliver_above: 0.8", 5, 1, "deliver_above", "it belongs into `policy`"),
        ("policy: {expiry: {then: keep}}", 5, 10, "policy.expiry.after_days", "it is missing"),
        ("policy: [review]", 5, 9, "policy", "it should have fields"),
        ("refine: {model: '../a'}", 5, 17, "refine.model", "a model's name has"),
        ("policy: {max_cost: -1}", 5, 20, "policy.max_cost", "greater than 0"),
        ("policy: {guards: {face: true}}", 5, 25, "policy.guards.face", "did you mean `faces`?"),
        (
            "policy: {on_low_confidence: {model: [a], try: [b]}}",
            5,
            30,
            "policy.on_low_confidence.model",
            "try, at_most",
        ),
        ("policy: {on_low_confidence: {try: [a, 'b c']}}", 5, 39, "policy.on_low_confidence.try.1", "a model's name"),
        ("mask: {marks: some}\ninpaint: {model: fsr}", 5, 15, "mask.marks", "'all' or 'none', or it should be a valid"),
        ("policy: {conservative: true, guards: {text: false}}", 5, 9, "policy", "switches no guard off"),
        ("tier: web", 1, 1, "", "enlarges nothing"),
        ("refine: {model: &a fsr}", 5, 17, "", "anchors and aliases"),
        ("refine: *a", 5, 9, "", "anchors and aliases"),
        ("refine: !!python/object/apply:os.system ['true']", 5, 9, "", "tags"),
        ("refine: {model: fsr, <<: {model: lama}}", 5, 22, "refine.<<", "no such field"),
        ("summary: again", 5, 1, "summary", "twice"),
        ("refine: {model: a, parameters: {b: 1, b: 2}}", 5, 39, "refine.parameters.b", "twice"),
        ("yes: 3", 5, 1, "", "name is a word"),
        ("[a]: 3", 5, 1, "", "name is a word"),
        ("policy: {max_cost: .inf}", 5, 20, "policy.max_cost", "no number of such a size"),
        ("policy: {max_cost: 1.0e+300}", 5, 20, "policy.max_cost", "no number of such a size"),
        ("policy: {max_cost: " + "9" * 5000 + "}", 5, 20, "policy.max_cost", "looks like a number"),
        ('prompt: "\\uD800"', 5, 9, "prompt", "half a character"),
        ("prompt: a\x01", 5, 10, "", "a character that YAML does not allow"),
        ("policy: {", 6, 1, "", "expected"),
        ("---\nname: other", 5, 1, "", "document"),
        ("policy: " + "[" * 3000, 5, 29, "", "nested too deeply"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(lines: str, line: int, column: int, field: str, says: str) -> None:
    (flaw,) = flaws(GOOD + lines + ("" if lines.endswith(("{", "[")) else "\n") + ("\n" if lines.endswith("{") else ""))
    assert (flaw.place, flaw.field) == (Place(line, column), field)
    assert says in flaw.message
    assert f"line {line}, column {column}" in flaw.words


def test_all_that_is_wrong_is_named_in_the_order_of_its_lines() -> None:
    found = flaws(GOOD + "policy:\n  reviewed: never\n  deliver_above: 7\ncolour: red\n")
    assert [flaw.place and flaw.place.line for flaw in found] == [6, 7, 8]
    assert [flaw.pointer for flaw in found] == ["/policy/reviewed", "/policy/deliver_above", "/colour"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("# nothing\n", "empty"),
        ("shrink", "no fields"),
        ("- name", "no fields"),
        (b"name: \xff", "UTF-8"),
        (" " * LARGEST + "a", "more than 16,384 bytes"),
    ],
)
def test_what_is_no_recipe_at_all_is_said_to_be_none(text: str | bytes, says: str) -> None:
    assert says in flaws(text)[0].words


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ("{", "", "no JSON"),
        ("[]", "", "no fields"),
        ("[" * 5000 + "]" * 5000, "", "nested too deeply"),
        ('{"a": ' * 30 + "1" + "}" * 30, "", "nested too deeply"),
        ('{"name": "a", "name": "b"}', "name", "twice"),
        ('{"version": NaN}', "version", "no number"),
        ('{"version": ' + "9" * 5000 + "}", "", "too many digits"),
        ('{"summary": "\\ud800"}', "summary", "half a character"),
        ('{"summary": "x", "polici": {}}', "polici", "did you mean `policy`?"),
    ],
)
def test_json_is_held_to_the_same(text: str, field: str, says: str) -> None:
    found = {flaw.field: flaw.words for flaw in flaws(text, is_json=True)}
    assert says in found[field]


def test_what_a_text_leaves_out_comes_from_whoever_publishes_it() -> None:
    text = "summary: x\nupscale: {model: span-x2, scale: 2}\n"
    assert read_recipe(text, name="shrink", version=1) == read_recipe(GOOD)
    assert read_recipe("name: other\n" + text, name="shrink", version=3).reference == "other@3"


def test_what_was_not_written_and_is_wrong_is_named_all_the_same() -> None:
    (flaw,) = flaws("summary: x\nupscale: {model: span-x2, scale: 2}\n", name="A b", version=1)
    assert (flaw.field, "2 to 48 small letters" in flaw.message) == ("name", True)


def test_words_that_look_like_dates_stay_words() -> None:
    assert read_recipe(GOOD.replace("summary: x", "summary: 2024-02-30")).summary == "2024-02-30"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc<=~:-", max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_values_are_read_as_they_were_written(value: Any) -> None:
    assert from_json(json.dumps(value)).values == value
    assert from_yaml(yaml.safe_dump(value)).values == value


@given(st.text(max_size=60) | st.text("{}[]:-&*!|>'\"#%@,\n\t a1<~", max_size=60))
def test_no_text_ends_in_anything_but_values_or_a_reason(text: str) -> None:
    for read in (from_yaml, from_json):
        with contextlib.suppress(Unreadable):
            read(text)


def test_the_order_of_fields_and_what_is_a_default_is_no_difference() -> None:
    other = read_recipe("upscale: {scale: 2, model: span-x2}\nsummary: x\nversion: 1\nname: shrink\ndeliver: {}\n")
    assert isinstance(other, Recipe)
    assert other.sha256 == read_recipe(GOOD).sha256
