"""Equal things get equal names, different things different ones."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas import ids
from schemas.records import Moment, timestamp

parts = st.lists(st.text(max_size=6), min_size=1, max_size=4)


@given(first=parts, second=parts)
def test_no_two_lists_of_parts_share_a_digest(first: list[str], second: list[str]) -> None:
    assume(first != second)
    assert ids.digest(*first) != ids.digest(*second)


@given(text=st.text(min_size=2, max_size=8), data=st.data())
def test_where_a_text_is_cut_matters(text: str, data: st.DataObject) -> None:
    here, there = (data.draw(st.integers(0, len(text))) for _ in range(2))
    assume(here != there)
    assert ids.digest(text[:here], text[here:]) != ids.digest(text[:there], text[there:])


def test_a_part_that_looks_like_a_length_prefix_is_only_text() -> None:
    assert ids.digest("a", "b") != ids.digest("a1:b")


def test_digests_do_not_change_between_versions() -> None:
    """Names of assets and runs are stored: a different digest would run everything again."""
    assert ids.asset_id("inbox", "trip/photo.jpg", "v1") == "a-15742b931351327c90cf5717"
    assert ids.run_id("a-1", "edit@1", "", "", "inspect", 1) == "r-69bc6107ef95ff038c506dfadc7f42cc7d768451"


@given(bucket=st.text(), key=st.text(), version=st.text())
def test_an_assets_name_is_known_as_one(bucket: str, key: str, version: str) -> None:
    assert ids.is_asset_id(ids.asset_id(bucket, key, version))


@pytest.mark.parametrize("text", ["", "a-", "a-" + "g" * 24, "a-" + "0" * 25, "b-" + "0" * 24, "a-" + "0" * 24 + "\n"])
def test_other_names_are_not(text: str) -> None:
    assert not ids.is_asset_id(text)


@given(token=st.text(min_size=1, max_size=2048))
def test_an_inference_id_fits_its_field_and_does_not_hold_the_token(token: str) -> None:
    name = ids.inference_id(token)
    assert len(name) <= 64
    assert name.replace("-", "").isalnum()


@given(document=st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=4))
def test_the_order_of_fields_does_not_matter(document: dict[str, object]) -> None:
    turned = dict(reversed(document.items()))
    assert ids.canonical_json(document) == ids.canonical_json(turned)
    assert json.loads(ids.canonical_json(document)) == document


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_is_written_one_way_only(moment: datetime) -> None:
    adapter = TypeAdapter(Moment)
    assert adapter.dump_python(moment, mode="json") == timestamp(moment)
    elsewhere = moment.astimezone(timezone(timedelta(hours=5)))
    assert timestamp(adapter.validate_python(elsewhere)) == timestamp(moment)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(datetime(2026, 1, 1))  # noqa: DTZ001
