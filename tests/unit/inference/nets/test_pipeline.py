"""Pipelines: from verified safetensors alone, without a network, and what they make is checked."""

import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.nets.pipeline import Pipeline
from inference.registry import Registry
from schemas.errors import BadInput, PermanentFailure
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.tiny.store import registry_of


class Answers:
    """A pipeline that gives a prepared answer."""

    vae_scale_factor = 8
    components: dict[str, Any] = {}

    def __init__(self, pixels: Any, nsfw: list[bool] | None = None) -> None:
        self.images, self.nsfw_content_detected = [pixels], nsfw

    def set_progress_bar_config(self, **options: bool) -> None:
        assert options == {"disable": True}

    def to(self, place: str) -> None:
        assert place == "cpu"

    def __call__(self, prompt: str = "", *, output_type: str) -> "Answers":
        assert output_type == "np"
        return self


def pipeline(answer: Answers) -> Pipeline:
    return Pipeline(lambda _: answer, {})


def test_numbers_become_the_nearest_code_values():
    made = pipeline(Answers(np.array([[[0.0, 0.5, 1.0], [-0.2, 1.3, 0.9999]]])))({}, prompt="x")
    np.testing.assert_array_equal(made, [[[0, 128, 255], [0, 255, 255]]])
    assert made.dtype == np.uint8


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_overflowed_never_become_a_black_picture(number: float):
    with pytest.raises(PermanentFailure, match="dtype") as caught:
        pipeline(Answers(np.full((2, 2, 3), number)))({})
    assert caught.value.code == "model_output"


def test_a_picture_that_the_safety_checker_blanked_is_a_refusal():
    with pytest.raises(BadInput) as caught:
        pipeline(Answers(np.zeros((2, 2, 3)), nsfw=[True]))({})
    assert caught.value.code == "content_refused"


def test_what_the_model_does_not_take_is_refused_by_name_and_nothing_is_not_refused():
    answer = pipeline(Answers(np.zeros((2, 2, 3))))
    with pytest.raises(BadInput, match="`negative_prompt`"):
        answer({}, negative_prompt="text")
    assert answer({}, negative_prompt=None).shape == (2, 2, 3)


def test_another_number_format_is_loaded_when_a_request_asks_for_it():
    formats = []

    def build(dtype: object) -> Answers:
        formats.append(str(dtype))
        return Answers(np.zeros((2, 2, 3)))

    half = {"dtype": "bfloat16"}
    loaded = Pipeline(build, {})
    for parameters in ({}, half, half, {"offload": "model"}):  # on a CPU there is nothing to offload from
        loaded(parameters)
    assert formats == ["torch.float32", "torch.bfloat16", "torch.float32"]


def test_what_an_adapter_holds_is_counted_in_bytes(tiny: TinyModels):
    model, folder = tiny.load("sd15-inpaint"), tiny.folder("sd15-inpaint")
    on_disk = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    assert model.device.startswith("cpu")
    assert model.held_bytes == pytest.approx(on_disk, rel=0.2)  # headers beside numbers


def test_nothing_is_asked_of_a_network(tiny: TinyModels, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert tiny.registry("sdxl-inpaint", "clip-vit-b32", "sam2").load("sdxl-inpaint")


def test_weights_in_half_precision_may_be_named_as_such(tiny: TinyModels, tmp_path: Path):
    folder = copied(tiny.folder("sd15-inpaint"), tmp_path / "fp16")
    for path in [*folder.rglob("*.safetensors")]:
        path.rename(path.with_name(f"{path.stem}.fp16.safetensors"))
    assert registered(tmp_path, folder).load("sd15-inpaint")


def test_a_pickle_among_the_weights_is_refused_before_anything_is_read(tiny: TinyModels, tmp_path: Path):
    folder = copied(tiny.folder("sd15-inpaint"), tmp_path / "pickled")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(PermanentFailure) as caught:
        registered(tmp_path, folder).load("sd15-inpaint")
    assert caught.value.code == "unsafe_weights"


@pytest.mark.parametrize("damage", ["cut", "missing", "another"])
def test_files_that_make_no_pipeline_are_refused_in_words(tiny: TinyModels, tmp_path: Path, damage: str):
    folder = copied(tiny.folder("sd15-inpaint"), tmp_path / damage)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif damage == "missing":
        weights.unlink()
    else:
        Image.new("L", (8, 8)).save(folder / "p.png")
        weights.write_bytes((folder / "p.png").read_bytes())
        (folder / "p.png").unlink()
    with pytest.raises(PermanentFailure, match="make no") as caught:
        registered(tmp_path, folder).load("sd15-inpaint")
    assert caught.value.code == "broken_weights"


def copied(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target))


def registered(root: Path, folder: Path) -> Registry:
    """A registry whose card names every file of a folder."""
    return registry_of(root, {"sd15-inpaint": folder}, needed_only=False)
