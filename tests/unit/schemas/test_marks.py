"""Which marks a recipe may ask for, and how their artwork is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.mark import MOST_MARKS, as_inputs, name_of_input
from schemas.recipe import MaskStep
from tests.documents import MARKS


@pytest.mark.parametrize("marks", ["all", "none", ["acme"], ["a-1", "b"], [f"m{n}" for n in range(MOST_MARKS)]])
def test_a_recipe_looks_for_all_marks_for_none_or_for_those_it_names(marks: Any) -> None:
    assert MaskStep(marks=marks).marks == marks


@pytest.mark.parametrize(
    "marks",
    ["acme", [], ["Acme"], ["a/b"], ["../a"], ["a" * 41], [""], ["a\n"], [f"m{n}" for n in range(MOST_MARKS + 1)]],
)
def test_other_marks_are_refused(marks: Any) -> None:
    with pytest.raises(ValidationError):
        MaskStep(marks=marks)


@given(name=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_a_marks_name_comes_back_from_its_input(name: str) -> None:
    (given_as,) = as_inputs({name: MARKS["acme"]})
    assert name_of_input(given_as) == name


@pytest.mark.parametrize("other", ["source", "mask", "image", "edits"])
def test_no_other_input_is_taken_for_a_mark(other: str) -> None:
    assert name_of_input(other) is None
