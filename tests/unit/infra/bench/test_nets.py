"""Nets are timed at the size of their published weights, each in a process of its own."""

from typing import Any

import pytest

from inference.nets.spandrel_file import import_spandrel
from infra.bench.nets import __main__ as program
from infra.bench.nets.architectures import ARCHITECTURES
from infra.bench.nets.measure import in_own_process

MILLIONS = {
    "lama": 51.0,
    "realesrgan-x4": 16.7,
    "compact-x4": 1.2,
    "hat-x4": 20.8,
    "dat-x4": 14.8,
    "sdxl-inpaint-unet": 2567,
    "sdxl-decoder": 83.7,
}


@pytest.mark.filterwarnings("ignore:torch.meshgrid")
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_has_the_size_of_its_published_weights(name: str) -> None:
    import torch

    import_spandrel()
    with torch.device("cpu" if name in ("hat-x4", "dat-x4") else "meta"):  # those two read numbers while they are built
        net = ARCHITECTURES[name].build()
    assert sum(each.numel() for each in net.parameters()) / 1e6 == pytest.approx(MILLIONS[name], rel=0.02)


def test_a_table_names_the_device_and_what_was_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(name: str, side: int, dtype: str) -> dict[str, Any]:
        return {"seconds": 1.5, "megabytes": 2.0, "weights_megabytes": 3.0}

    monkeypatch.setenv("CLEANPLATE_DEVICE", "cpu")
    monkeypatch.setattr(program, "in_own_process", measured)
    assert program.main([]) == 0
    said = capsys.readouterr().out
    assert "Device: cpu" in said
    assert "Left out: sdxl-inpaint-unet, sdxl-decoder" in said
    assert "| compact-x4 | 256 x 256 | float32 | 1.500 | 3 | 2 | 0.0 | one tile x4 |" in said


def test_a_measurement_that_fails_is_a_row_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLEANPLATE_DEVICE", "cpu")
    monkeypatch.setattr(program, "in_own_process", lambda *_: {"error": "CUDA out of memory"})
    assert program.main(["lama"]) == 1
    assert "| lama | 512 x 512 | float32 | CUDA out of memory |" in capsys.readouterr().out


def test_a_process_that_ends_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "false")
    assert in_own_process("lama", 8, "float32")["error"]
