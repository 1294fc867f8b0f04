"""Parameters are checked as they are read, and what they came to mean is remembered for the provenance."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.parameters import Resolved, choice, flag, noted, number, text, whole
from schemas.errors import BadInput


def test_defaults_are_noted_where_they_were_used() -> None:
    parameters = Resolved({"steps": 8, "prompt": "a  lawn"})
    assert whole(parameters, "steps", 30, low=1, high=150) == 8
    assert number(parameters, "guidance_scale", 5.0, low=0, high=30) == 5.0
    assert flag(parameters, "tiled", True) is True
    assert choice(parameters, "offload", "none", ("none", "model")) == "none"
    assert text(parameters, "negative_prompt") == ""
    assert parameters.whole == {
        "steps": 8,
        "prompt": "a  lawn",
        "guidance_scale": 5.0,
        "tiled": True,
        "offload": "none",
        "negative_prompt": "",
    }


def test_what_a_general_word_came_to_mean_takes_its_place() -> None:
    parameters = Resolved({"dtype": "auto"})
    noted(parameters, "dtype", "bfloat16")
    assert (parameters["dtype"], parameters.whole) == ("auto", {"dtype": "bfloat16"})


def test_what_a_model_is_given_otherwise_is_what_counts() -> None:
    parameters = Resolved({"prompt": "a lawn", "negative_prompt": "people"})
    heeded = parameters.but(negative_prompt="")
    assert (text(heeded, "negative_prompt"), whole(heeded, "seed", 7, low=0, high=9)) == ("", 7)
    assert parameters.whole == {"prompt": "a lawn", "negative_prompt": "", "seed": 7}
    assert parameters["negative_prompt"] == "people"


@given(given=st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)), asked=st.lists(st.sampled_from("abcdef")))
def test_what_was_given_stays_and_nothing_is_noted_that_was_not_read(given: dict[str, Any], asked: list[str]) -> None:
    parameters = Resolved(given)
    for name in asked:
        assert whole(parameters, name, 5, low=0, high=9) == given.get(name, 5)
    assert parameters.whole == dict.fromkeys(asked, 5) | given
    assert dict(parameters) == given


def test_plain_parameters_note_nothing() -> None:
    parameters: dict[str, Any] = {}
    assert whole(parameters, "seed", 3, low=0, high=9) == 3
    assert parameters == {}


@pytest.mark.parametrize("value", [True, "3", 3.5, 10, -1, None])
def test_a_refusal_names_the_parameter(value: Any) -> None:
    with pytest.raises(BadInput, match="seed"):
        whole(Resolved({"seed": value}), "seed", 0, low=0, high=9)
