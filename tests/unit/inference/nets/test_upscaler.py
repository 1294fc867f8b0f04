"""Enlarging nets out of weight files: in tiles, at any size, in the number format that is asked for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.artifacts import DirectoryArtifactStore
from inference.registry import Registry
from inference.stages.upscale import upscale
from inference.upscaling import spandrel_upscaler
from schemas.errors import BadInput, PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.nets.tiny import compact, esrgan, hat, registry_with, saved

NAME = "realesrgan-x4plus"


def loaded(folder: Path, content: bytes, model: str = NAME) -> Any:
    return registry_with(folder, model, {"model.safetensors": content}).load(model)


def failure(folder: Path, content: bytes, model: str = NAME) -> PermanentFailure:
    with pytest.raises(PermanentFailure) as caught:
        loaded(folder, content, model)
    return caught.value


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return loaded(tmp_path_factory.mktemp("models"), compact())


@pytest.mark.parametrize("shape", [(1, 1), (1, 70), (33, 65), (96, 128)])
def test_tiles_are_not_seen(small: Any, shape: tuple[int, int]) -> None:
    rgb = photograph()[: shape[0], : shape[1]]
    whole = small.enlarge(rgb, parameters={"tile": 1024})
    tiled = small.enlarge(rgb, parameters={"tile": 32, "halo": 4})
    assert whole.shape == (shape[0] * 4, shape[1] * 4, 3)
    assert np.abs(whole.astype(int) - tiled).max() <= 1
    assert np.unique(whole).size > 1


def test_sixteen_bits_are_enlarged_in_sixteen(small: Any) -> None:
    rgb = photograph()[:20, :30]
    shallow = small.enlarge(rgb, parameters={})
    deep = small.enlarge(rgb.astype(np.uint16) * 257, parameters={})
    assert deep.dtype == np.uint16
    assert np.abs(deep / 257 - shallow).max() <= 0.51, "the same numbers, rounded more finely"


@pytest.mark.filterwarnings("ignore:torch.meshgrid")
@pytest.mark.parametrize("make", [esrgan, hat])
def test_the_architecture_is_found_by_the_weights(tmp_path: Path, make: Any) -> None:
    net = loaded(tmp_path, make())
    assert net.enlarge(photograph()[:20, :36], parameters={}).shape == (80, 144, 3)


def test_what_runs_out_of_memory_is_done_in_smaller_tiles(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = []

    def cramped(rgb: np.ndarray) -> np.ndarray:
        sides.append(max(rgb.shape))
        if max(rgb.shape) > 70:
            raise MemoryError
        return infer(rgb)

    infer = small._infer
    wanted = small.enlarge(photograph(), parameters={})
    monkeypatch.setattr(small, "_infer", cramped)
    made = small.enlarge(photograph(), parameters={"halo": 3})
    assert np.abs(made.astype(int) - wanted).max() <= 1
    assert sides[0] == 134
    assert sides[-1] <= 70


def test_what_fits_in_no_tile_may_be_asked_for_again(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(rgb: np.ndarray) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(small, "_infer", full)
    with pytest.raises(TransientFailure) as caught:
        small.enlarge(photograph(), parameters={})
    assert caught.value.code == "out_of_memory"


@pytest.mark.parametrize(("gigabytes", "side"), [(0.001, 64), (4, 128), (64, 128)])
def test_tiles_are_as_large_as_memory_and_picture_allow(
    small: Any, monkeypatch: pytest.MonkeyPatch, gigabytes: float, side: int
) -> None:
    monkeypatch.setattr(spandrel_upscaler, "free_bytes", lambda place: int(gigabytes * 1e9))
    assert small._sides(128, 0, 32)[0] == side


def test_a_net_that_should_not_be_tiled_gets_the_picture_whole_where_that_fits(
    small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spandrel import ModelTiling

    monkeypatch.setattr(spandrel_upscaler, "free_bytes", lambda place: 10**12)
    assert small._sides(3000, 0, 32)[0] == spandrel_upscaler.LARGEST_TILE
    monkeypatch.setattr(small._net, "tiling", ModelTiling.DISCOURAGED)
    assert small._sides(3000, 0, 32)[0] == 3008
    monkeypatch.setattr(small._net, "tiling", ModelTiling.INTERNAL)
    assert small._sides(3000, 0, 32) == [3008]
    monkeypatch.setattr(spandrel_upscaler, "free_bytes", lambda place: 10**6)
    with pytest.raises(TransientFailure):
        small._sides(3000, 0, 32)


def test_a_half_is_near_and_leaves_nothing_behind(small: Any) -> None:
    rgb = photograph()[:32, :32]
    exact = small.enlarge(rgb, parameters={})
    for half in ("float16", "bfloat16"):
        assert np.abs(exact.astype(int) - small.enlarge(rgb, parameters={"dtype": half})).mean() < 2
    assert np.array_equal(small.enlarge(rgb, parameters={}), exact)


@pytest.mark.filterwarnings("ignore:torch.meshgrid")
def test_a_half_that_a_net_does_not_bear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="must be one of: auto, float32, bfloat16"):
        loaded(tmp_path, hat()).enlarge(photograph()[:16, :16], parameters={"dtype": "float16"})


def test_a_net_that_overflows_goes_on_in_full_precision(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load, save

    weights = load(compact())
    weights["body.0.weight"] = torch.full_like(weights["body.0.weight"], 3e4)
    weights["body.2.weight"] = weights["body.2.weight"] * 1e-5
    net = loaded(tmp_path, save(weights))
    rgb = photograph()[:16, :16]
    assert np.array_equal(net.enlarge(rgb, parameters={"dtype": "float16"}), net.enlarge(rgb, parameters={}))


def test_weights_of_another_scale_or_kind_are_refused(tmp_path: Path) -> None:
    assert "enlarges by 2, and its card says 4" in failure(tmp_path, compact(scale=2)).message
    assert "takes 1 channels" in failure(tmp_path, compact(channels=1)).message


@pytest.mark.parametrize(
    "content", [b"{", b"\x80\x04K\x01.", compact.__doc__.encode() * 9], ids=["short", "pickle", "text"]
)
def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert failure(tmp_path, content).code == "weights_unreadable"


def test_an_unknown_architecture_is_refused(tmp_path: Path) -> None:
    import torch

    assert failure(tmp_path, saved(torch.nn.Linear(2, 2))).code == "weights_unreadable"


def test_a_picture_goes_through_the_stage(tmp_path: Path) -> None:
    registry: Registry = registry_with(tmp_path, "hat-x4", {"model.safetensors": compact()})
    store = DirectoryArtifactStore(tmp_path / "buckets")
    source = store.put(S3Pointer(bucket="inbox", key="a.png"), file_of(photograph()[:40, :30]), "image/png")
    request = StageRequest.build(Stage.UPSCALE, "hat-x4", {"source": source}, {}, work_bucket="work")
    result = upscale(request, store, registry)
    assert (result.width, result.height) == (120, 160)
    assert result.model.device.startswith("cpu (")
    assert {"torch", "spandrel", "safetensors"} <= result.model.libraries.keys()
    assert len(result.model.weights) == 1
