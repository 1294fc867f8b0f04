"""Filling nets out of weight files: any size, only the hole, nothing of what lies under it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.artifacts import DirectoryArtifactStore
from inference.compositing.edits_file import unpack
from inference.stages.inpaint import inpaint
from schemas.errors import BadInput, PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import file_of
from tests.unit.inference.nets.onnx_file import mean_colour
from tests.unit.inference.nets.tiny import compact, narrow_lama, registry_with
from tests.unit.inference.photographs import disc, photograph, stroke

ONNX = "migan_pipeline_v2.onnx"


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("models")
    with narrow_lama() as weights:
        lama = registry_with(folder, "lama", {"model.safetensors": weights}).load("lama")
    return {"lama": lama, "mi-gan": registry_with(folder, "mi-gan", {ONNX: mean_colour()}).load("mi-gan")}


@pytest.mark.parametrize("name", ["lama", "mi-gan"])
@pytest.mark.parametrize("size", [32, 97, 250])
def test_only_the_hole_is_filled_and_what_was_in_it_is_not_looked_at(nets: Any, name: str, size: int) -> None:
    rgb, hole = photograph("astronaut", size), disc(size, size // 5)
    settings = {"working_side": 128}
    made = nets[name].fill(rgb, hole, seed=0, parameters=settings)
    assert made.shape == rgb.shape
    assert np.array_equal(made[~hole], rgb[~hole])
    assert not np.array_equal(made[hole], rgb[hole])
    other = rgb.copy()
    other[hole] = 255 - other[hole]
    assert np.array_equal(nets[name].fill(other, hole, seed=0, parameters=settings), made)


@pytest.mark.parametrize("name", ["lama", "mi-gan"])
def test_a_strip_and_a_hole_at_the_border_are_filled(nets: Any, name: str) -> None:
    rgb = np.ascontiguousarray(photograph("coffee", 200)[:9])
    hole = np.zeros((9, 200), bool)
    hole[:, 150:] = True
    assert nets[name].fill(rgb, hole, seed=0, parameters={"working_side": 128}).shape == rgb.shape


def test_the_mask_is_understood_as_the_pipeline_means_it(nets: Any) -> None:
    rgb, hole = photograph("astronaut"), stroke()
    made = nets["mi-gan"].fill(rgb, hole, seed=0, parameters={})
    assert np.allclose(made[hole], rgb[~hole].mean(axis=0), atol=1)


def test_a_crop_above_the_working_size_is_seen_small(nets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    infer = nets["mi-gan"]._infer
    monkeypatch.setattr(nets["mi-gan"], "_infer", lambda rgb, hole: seen.append(rgb.shape) or infer(rgb, hole))
    nets["mi-gan"].fill(photograph("astronaut", 300), disc(300), seed=0, parameters={"working_side": 200})
    assert seen == [(200, 200, 3)]


def test_what_runs_out_of_memory_is_filled_smaller(nets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def cramped(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
        seen.append(max(rgb.shape))
        if max(rgb.shape) > limit:
            raise MemoryError
        return infer(rgb, hole)

    seen: list[int] = []
    limit, infer = 130, nets["lama"]._infer
    monkeypatch.setattr(nets["lama"], "_infer", cramped)
    rgb, hole = photograph("astronaut", 300), disc(300)
    assert nets["lama"].fill(rgb, hole, seed=0, parameters={"working_side": 256}).shape == rgb.shape
    assert seen == [256, 128]
    limit = 0
    with pytest.raises(TransientFailure):
        nets["lama"].fill(rgb, hole, seed=0, parameters={})


def test_a_parameter_out_of_range_is_named(nets: Any) -> None:
    with pytest.raises(BadInput, match="working_side"):
        nets["lama"].fill(photograph("astronaut"), disc(), seed=0, parameters={"working_side": 5})


def test_weights_of_another_purpose_are_refused(tmp_path: Path) -> None:
    registry = registry_with(tmp_path, "lama", {"model.safetensors": compact()})
    with pytest.raises(PermanentFailure, match="fills no holes") as caught:
        registry.load("lama")
    assert caught.value.code == "weights_unreadable"


@pytest.mark.parametrize("content", [b"\x08\x07broken", mean_colour(image="pixels"), mean_colour(result="out")])
def test_a_net_of_another_contract_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PermanentFailure) as caught:
        registry_with(tmp_path, "mi-gan", {ONNX: content}).load("mi-gan")
    assert caught.value.code == "weights_unreadable"


def test_a_gray_picture_goes_through_the_stage(tmp_path: Path) -> None:
    registry = registry_with(tmp_path, "mi-gan", {ONNX: mean_colour()})
    store = DirectoryArtifactStore(tmp_path / "buckets")
    gray, hole = photograph("camera", 160)[..., 0], disc(160, 12)
    files = {"source": file_of(gray), "mask": file_of((hole * 255).astype(np.uint8))}
    inputs = {name: store.put(S3Pointer(bucket="inbox", key=name), data, "image/png") for name, data in files.items()}
    request = StageRequest.build(Stage.INPAINT, "mi-gan", inputs, {}, work_bucket="work")
    result = inpaint(request, store, registry)
    (patch,) = unpack(store.get(result.outputs["edits"], max_bytes=10**7)).patches
    assert patch.hole.sum() == hole.sum()
    assert (patch.fill[..., 0] == patch.fill[..., 1]).all()
    assert result.model.weights[0].file == ONNX
