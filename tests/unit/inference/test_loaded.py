"""What is loaded stays within its memory, and every device is counted by itself."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.loaded import Held, LoadedAdapters, budget_from, place_of, size_of
from schemas.errors import PermanentFailure
from schemas.stage import Stage
from tests.unit.inference.small_models import card


@dataclass
class OnGpu:
    """An adapter that says where it lies and what it takes."""

    device: str = "cuda"
    held_bytes: int = 7


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["cpu", "cuda"]), st.integers(0, 120)), max_size=30)
)
def test_all_but_the_newest_stay_within_the_budget_of_their_device(loads: list[tuple[str, str, int]]) -> None:
    loaded = LoadedAdapters(lambda place: 100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inference.loaded.empty_cache", lambda: None)  # a tenth of a second each
        for name, place, size in loads:
            if loaded.get(name) is None:
                loaded.make_room(place, size)
                loaded.add(name, Held(object(), place, size))
                held = [each.size for each in loaded._held.values() if each.place == place]
                assert sum(held) <= max(100, size)
            assert loaded.get(name) is not None


def test_what_takes_no_memory_is_never_let_go() -> None:
    loaded = LoadedAdapters(lambda place: 10)
    loaded.add("free", Held("free", "cpu", 0))
    loaded.add("large", Held("large", "cpu", 50))
    loaded.add("larger", Held("larger", "cpu", 60))
    assert [loaded.get(name) for name in ("free", "large", "larger")] == ["free", None, "larger"]


def test_a_device_that_is_full_leaves_the_others_alone() -> None:
    loaded = LoadedAdapters(lambda place: 10)
    loaded.add("small", Held("small", "cpu", 9))
    loaded.add("large", Held("large", "cuda", 50))
    assert loaded.get("small") == "small"


def test_an_adapter_speaks_for_itself_and_its_card_where_it_says_nothing() -> None:
    silent = card("silent", Stage.UPSCALE)
    assert (place_of(OnGpu()), size_of(OnGpu(), silent)) == ("cuda", 7)
    assert (place_of(object()), size_of(object(), silent)) == ("cpu", 0)


@pytest.mark.parametrize(
    ("setting", "cpu", "cuda"),
    [
        (1000, 1000, 1000),
        ("12G", 12 << 30, 12 << 30),
        ("cuda=1.5GB, cpu=512M", 512 << 20, 3 << 29),
        ({"cpu": 5, "cuda:0": 6}, 5, 6),
    ],
)
def test_a_budget_is_read_from_a_setting(setting: object, cpu: int, cuda: int) -> None:
    budget = budget_from(setting)
    assert (budget("cpu"), budget("cuda:0")) == (cpu, cuda)


def test_the_environment_sets_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_MODEL_MEMORY", "cpu=3k")
    assert budget_from()("cpu") == 3072


def test_without_a_setting_the_budget_is_a_share_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEANPLATE_MODEL_MEMORY", raising=False)
    monkeypatch.setattr("inference.loaded.total_bytes", lambda place: 1000)
    assert (budget_from()("cpu"), budget_from()("cuda")) == (500, 700)


@pytest.mark.parametrize("text", ["much", "12X", "cuda=", "-1G"])
def test_a_setting_that_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(PermanentFailure, match="such as 12G") as caught:
        budget_from(text)
    assert caught.value.code == "settings"
