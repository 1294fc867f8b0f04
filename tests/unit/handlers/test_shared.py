"""What several assets use goes with the last of them, and never under the hands of one that has just found it."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.aws import shared, storage, table, versions
from handlers.aws.clients import client
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer
from tests.documents import WORK

PLACE = "stages/mask/abc/"
_NUMBERS = count()
"""Of places: one account serves all examples."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12))
def test_it_is_the_last_who_takes_it_away(aws: None, deeds: list[tuple[str, bool]]) -> None:
    place, using = f"stages/mask/{next(_NUMBERS)}/", set[str]()
    for who, uses in deeds:
        if uses:
            shared.use(place, who)
            using.add(who)
        else:
            using.discard(who)
            last = shared.leave(place, who)
            assert last is (not using)
            if last:
                shared.forget(place)


def test_what_is_being_taken_away_is_not_used(aws: None) -> None:
    shared.use(PLACE, "a")
    assert shared.leave(PLACE, "a")
    with pytest.raises(TransientFailure, match="being erased"):
        shared.use(PLACE, "b")
    shared.forget(PLACE)
    shared.use(PLACE, "b")


def test_of_two_who_erase_at_once_one_waits(aws: None) -> None:
    for who in ("a", "b"):
        shared.use(PLACE, who)
    assert not shared.leave(PLACE, "a")
    assert shared.leave(PLACE, "b")
    with pytest.raises(TransientFailure, match="Another erasure"):
        shared.leave(PLACE, "a")


def test_who_was_cut_off_goes_on(aws: None) -> None:
    shared.use(PLACE, "a")
    assert [shared.leave(PLACE, "a") for _ in range(2)] == [True, True]
    shared.forget(PLACE)
    assert table.sort_keys(f"SHARED#{PLACE}", "looking") == []


def test_every_version_and_every_mark_of_a_folder_goes_and_nothing_beside_it(aws: None) -> None:
    inside, beside = (S3Pointer(bucket=WORK, key=key) for key in ("stages/a/1.png", "stages/ab/1.png"))
    for pointer in (inside, inside, beside):
        storage.write(pointer, b"picture", "image/png")
    storage.delete(inside)
    assert versions.remove_folder(WORK, "stages/a/") == 2
    left = client("s3").list_object_versions(Bucket=WORK)
    assert [each["Key"] for each in left["Versions"]] == [beside.key]
    assert "DeleteMarkers" not in left


@pytest.mark.parametrize("folder", ["stages/a", "", "/"])
def test_half_a_name_takes_nothing_away(aws: None, folder: str) -> None:
    with pytest.raises(ValueError, match="no folder"):
        versions.remove_folder(WORK, folder)


def test_an_object_goes_without_its_namesakes_and_without_what_came_later(aws: None) -> None:
    pointers = [S3Pointer(bucket=WORK, key=key) for key in ("a", "a.mask.png")]
    for pointer in pointers:
        storage.write(pointer, b"picture", "image/png")
    assert versions.remove_object(pointers[0], until=datetime.now(UTC) - timedelta(days=1)) == 0
    assert versions.remove_object(pointers[0]) == 1
    assert [each["Key"] for each in client("s3").list_object_versions(Bucket=WORK)["Versions"]] == ["a.mask.png"]
