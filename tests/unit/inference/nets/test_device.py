"""Where nets run, in which number format, and how much memory there is; a GPU is stood in for."""

import re
from pathlib import Path

import pytest
import torch

from inference.nets import memory
from inference.nets.device import device, device_name, dtype_for, seeded
from inference.nets.memory import free_bytes, total_bytes
from inference.parameters import Resolved
from schemas.errors import BadInput


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU of 24 GB, 10 of them free, of which torch keeps one more that it does not use."""
    monkeypatch.delenv("CLEANPLATE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda place: "NVIDIA A10G")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda place: (10, 24))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda place: 5)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda place: 4)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)


@pytest.mark.usefixtures("gpu")
def test_a_gpu_is_used_and_named() -> None:
    assert device_name(device()) == "cuda (NVIDIA A10G)"
    assert (free_bytes("cuda"), total_bytes("cuda")) == (11, 24)


@pytest.mark.usefixtures("gpu")
def test_the_environment_decides_where_nets_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_DEVICE", "cpu")
    assert re.fullmatch(r"cpu \(\w+[ \w]*, \d+ threads\)", device_name(device()))


@pytest.mark.usefixtures("gpu")
def test_a_gpu_computes_in_the_half_that_the_net_bears_best(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dtype_for({}, "cuda", halves=("float16", "bfloat16")) == torch.float16
    assert dtype_for({}, "cuda", halves=("bfloat16",)) == torch.bfloat16
    assert dtype_for({}, "cuda", halves=()) == torch.float32
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert dtype_for({}, "cuda") == torch.float16
    assert dtype_for({}, "cuda", halves=("bfloat16",)) == torch.float32


def test_a_cpu_computes_in_full_precision_unless_told_otherwise() -> None:
    assert dtype_for({}, "cpu") == torch.float32
    assert dtype_for({"dtype": "bfloat16"}, "cpu") == torch.bfloat16
    with pytest.raises(BadInput, match="dtype"):
        dtype_for({"dtype": "float16"}, "cpu", halves=("bfloat16",))


@pytest.mark.usefixtures("gpu")
def test_the_provenance_hears_which_number_format_it_was() -> None:
    for place, named in (("cuda", "bfloat16"), ("cpu", "float32")):
        parameters = Resolved({"dtype": "auto"})
        dtype_for(parameters, place)
        assert parameters.whole == {"dtype": named}


def test_a_seed_names_the_same_noise() -> None:
    first, second = (torch.rand(4, generator=seeded(7)) for _ in range(2))
    assert torch.equal(first, second)


@pytest.mark.parametrize(("limit", "expected"), [("1000000", 1_000_000), ("max", None)])
def test_a_container_has_the_memory_that_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, expected: int | None
) -> None:
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("400000\n")
    monkeypatch.setattr(memory, "_LIMITS", (tmp_path / "memory.max", tmp_path / "absent"))
    monkeypatch.setattr(memory, "_USES", (tmp_path / "memory.current", tmp_path / "absent"))
    if expected:
        assert (total_bytes("cpu"), free_bytes("cpu")) == (expected, 600_000)
    else:
        assert total_bytes("cpu") > free_bytes("cpu") > 1_000_000
