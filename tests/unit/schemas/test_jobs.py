"""A job means the same through every door, and what makes no sense in it is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.errors import BadInput
from schemas.job import Job
from schemas.stage import LARGEST_SEED
from schemas.words import one_line
from tests.documents import WORDED

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(one_line)
SIDES = st.integers(1, 10**6)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "recipe": st.sampled_from(["enhance", "remove-watermark@3"]),
    "mask": WORDS,
    "box": st.fixed_dictionaries({"x": SIDES, "y": SIDES, "width": SIDES, "height": SIDES}),
    "point": st.fixed_dictionaries({"x": SIDES, "y": SIDES}),
    "prompt": WORDS,
    "negative_prompt": WORDS,
    "seed": st.integers(0, LARGEST_SEED),
    "scale": st.sampled_from([1, 2, 4]),
    "tier": st.sampled_from(["preview", "web", "print"]),
    "format": st.sampled_from(["source", "png", "jpeg"]),
    "rights": st.sampled_from(["owned", "licensed"]),
    "callback": st.just("https://example.com/done?a=1&b=2"),
    "tags": st.dictionaries(st.from_regex(r"[a-z0-9._-]{1,40}", fullmatch=True), WORDS, max_size=10),
    "cache": st.booleans(),
    "hold": st.booleans(),
    "batch": st.just("b-" + "0f" * 12),
}
JOBS = st.fixed_dictionaries({}, optional=FIELDS).map(Job.model_validate)


@given(job=JOBS)
def test_a_job_comes_back_from_metadata_as_it_went_in(job: Job) -> None:
    written = job.metadata
    assert all(value.isascii() and value.isprintable() for value in written.values())
    assert Job.from_metadata({**written, "mtime": "1700000000"}).stated == job.stated


@given(job=JOBS)
def test_a_job_comes_back_from_json_as_it_went_in(job: Job) -> None:
    assert Job.model_validate(job.stated) == job


@given(job=JOBS)
def test_a_job_over_itself_or_over_nothing_changes_nothing(job: Job) -> None:
    assert job.over(job) == job.over(Job()) == Job().over(job) == job


@given(under=JOBS, over=JOBS)
def test_what_the_upper_job_states_wins_and_the_rest_stays(under: Job, over: Job) -> None:
    both = under.over(over).stated
    assert both.items() >= over.stated.items()
    pointed = {"mask", "box", "point"}
    kept = {name: value for name, value in under.stated.items() if name not in over.stated}
    if pointed & over.stated.keys():
        kept = {name: value for name, value in kept.items() if name not in pointed}
    assert both == {**kept, **over.stated}


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"box": "1,2,3"}, "bad_box"),
        ({"point": "1"}, "bad_point"),
        ({"seed": "-1"}, "bad_seed"),
        ({"seed": str(2**32)}, "bad_seed"),
        ({"seed": "many"}, "bad_seed"),
        ({"scale": "3"}, "bad_scale"),
        ({"scale": "9" * 5000}, "bad_scale"),
        ({"tier": "gold"}, "bad_tier"),
        ({"format": "gif"}, "bad_format"),
        ({"rights": "found"}, "bad_rights"),
        ({"prompt": "=?none?q?a?="}, "bad_prompt"),
        ({"negative-prompt": "x" * 1001}, "bad_prompt"),
        ({"callback": "gopher://example.com"}, "bad_callback"),
        ({"callback": "https://example.com/" + "x" * 500}, "bad_callback"),
        ({"callback": "https://exa mple.com/"}, "bad_callback"),
        ({"tags": "Name=x"}, "bad_tags"),
        ({"tags": "name"}, "bad_tags"),
        ({"tags": "&".join(f"n{number}=x" for number in range(11))}, "bad_tags"),
        ({"tags": "n=" + "x" * 101}, "bad_tags"),
        ({"cache": "perhaps"}, "bad_cache"),
        ({"hold": "perhaps"}, "bad_hold"),
        ({"batch": "mine"}, "bad_batch"),
        ({"mask": "=?utf-8?q?=FF?="}, "mask_missing"),
        ({"recipe": "r" * 200}, "unknown_recipe"),
    ],
)
def test_metadata_that_makes_no_sense_is_named_and_not_repeated(metadata: dict[str, str], code: str) -> None:
    with pytest.raises(BadInput) as raised:
        Job.from_metadata(metadata)
    assert raised.value.code == code
    assert "xxxx" not in raised.value.message
    assert len(raised.value.message) < 200


def test_a_box_is_read_as_text_too_and_a_misspelt_field_is_an_error() -> None:
    assert Job.model_validate({"box": "1,2,3,4"}) == Job.model_validate(
        {"box": {"x": 1, "y": 2, "width": 3, "height": 4}}
    )
    with pytest.raises(ValidationError):
        Job.model_validate({"propmt": "a tree"})


def test_a_seed_is_part_of_the_recipe_that_a_run_records() -> None:
    seeded = WORDED.with_seed(7)
    assert seeded.seed == 7
    assert seeded.sha256 != WORDED.sha256
    with pytest.raises(ValidationError):
        WORDED.with_seed(2**32)
