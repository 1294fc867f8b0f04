"""The rules inside the emulator's patches. That they take effect is shown by the conformance tests in ``tests/e2e``."""

import copy
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("ministack")

from infra.local.emulator import moving_state, patches, retry_delay
from infra.local.emulator.concurrency import InBackground, PerFunction
from infra.local.emulator.numeric_parameters import with_numbers
from infra.local.emulator.precedence import calls


def test_another_version_of_ministack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "version", lambda name: "1.5.34")
    with pytest.raises(SystemExit, match=r"1\.5\.34"):
        patches.apply()


def test_the_version_that_is_patched_is_the_one_that_is_pinned() -> None:
    requirements = metadata.requires("cleanplate") or []
    assert any(line.startswith(f"ministack=={patches.MINISTACK_VERSION};") for line in requirements)


def test_every_patch_is_applied() -> None:
    from pathlib import Path

    folder = Path(patches.__file__).parent
    gaps = {path.stem for path in folder.glob("*.py") if "\ndef apply() -> None:" in path.read_text()} - {"patches"}
    assert gaps == {gap.__name__.rsplit(".", 1)[-1] for gap in patches.GAPS}


@given(
    interval=st.integers(1, 100),
    rate=st.floats(1, 10),
    attempt=st.integers(0, 8),
    longest=st.integers(1, 1000),
    jitter=st.sampled_from(["FULL", "NONE"]),
)
def test_no_delay_is_longer_than_its_maximum(
    interval: int, rate: float, attempt: int, longest: int, jitter: str
) -> None:
    retrier = {"IntervalSeconds": interval, "BackoffRate": rate, "MaxDelaySeconds": longest, "JitterStrategy": jitter}
    assert 0 <= retry_delay._delay(retrier, attempt) <= longest


def test_without_maximum_and_jitter_the_delay_grows_as_documented() -> None:
    assert [retry_delay._delay({"IntervalSeconds": 3, "BackoffRate": 2.0}, attempt) for attempt in range(3)] == [
        3,
        6,
        12,
    ]


def test_only_named_properties_become_numbers() -> None:
    given_properties = {
        "ScalingConfig": {"MaximumConcurrency": "10"},
        "FunctionName": "10",
        "List": [{"BatchSize": "5"}],
    }
    converted = with_numbers(given_properties, frozenset({"MaximumConcurrency", "BatchSize"}))
    assert converted == {"ScalingConfig": {"MaximumConcurrency": 10}, "FunctionName": "10", "List": [{"BatchSize": 5}]}


def test_no_function_has_more_workers_than_its_places_and_none_waits_for_another() -> None:
    limit, lock = PerFunction(most=2), threading.Lock()
    working: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def call(name: str) -> None:
        with limit.place(name):
            with lock:
                working[name] += 1
                most[name] = max(most[name], working[name])
            time.sleep(0.001)
            with lock:
                working[name] -= 1

    with limit.place("a"), limit.place("a"), ThreadPoolExecutor(4) as pool:
        list(pool.map(call, ["b"] * 20))  # would hang if the places of "a" were its
    assert most == {"b": 2}


def test_a_call_that_those_inside_may_be_waiting_for_goes_in_all_the_same() -> None:
    limit = InBackground(most=1, patience=0.01)
    with limit.place(), limit.place():
        pass
    free = InBackground(most=1, patience=60)  # whoever had no place gives none back
    with free.place():
        pass
    with free.place():
        pass


@pytest.mark.parametrize(
    ("uri", "called"),
    [
        ("arn:aws:lambda:us-east-1:000000000000:function:api", True),
        ("arn:aws:lambda:us-east-1:000000000000:function:api:live", True),
        ("arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:0:function:api/invocations", True),
        ("arn:aws:lambda:us-east-1:000000000000:function:api-2", False),
        ("https://example.com/function:other", False),
    ],
)
def test_an_integration_calls_the_function_that_its_address_names(uri: str, called: bool) -> None:
    assert calls(uri, "api") is called


@pytest.mark.parametrize("kind", [dict, partial(defaultdict, list)])
def test_what_is_copied_may_change_meanwhile(monkeypatch: pytest.MonkeyPatch, kind: Callable[..., Any]) -> None:
    monkeypatch.setattr(copy, "_deepcopy_dispatch", dict(copy._deepcopy_dispatch))
    moving_state.apply()

    class Adds:
        def __deepcopy__(self, memo: object) -> str:
            records[f"another {len(records)}"] = "record"
            return "copied"

    records = kind(one=Adds(), two=Adds(), own=None)
    records["own"] = records
    made = copy.deepcopy(records)
    assert (made["one"], made["two"], made["own"]) == ("copied", "copied", made)
    assert len(records) == 5
    assert isinstance(made, type(records))
