"""What every generator promises, through card, checksums, registry and the true loading code."""

import numpy as np
import pytest

from schemas.errors import BadInput, PermanentFailure
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.generation.test_sketch import drawing

BY_WORDS = ("sdxl", "lcm-preview", "flux2-klein")
BY_SKETCH = ("sdxl-scribble", "sdxl-canny", "sd15-scribble-preview", "flux2-klein")


def make(model, prompt: str = "a cottage", size: tuple[int, int] = (64, 64), seed: int = 1, sketch=None, **parameters):
    return model.generate(prompt, size, sketch=sketch, seed=seed, parameters={**model.card.defaults, **parameters})


@pytest.mark.parametrize("name", BY_WORDS)
def test_a_seed_and_a_prompt_name_a_picture(tiny: TinyModels, name: str):
    model = tiny.load(name)
    first, again, other_seed = make(model, seed=3), make(model, seed=3), make(model, seed=4)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other_seed)
    assert not np.array_equal(first, make(model, "a lighthouse", seed=3))


@pytest.mark.parametrize("size", [(64, 64), (65, 131), (200, 50), (333, 77)], ids=str)
@pytest.mark.parametrize("name", ["sdxl", "flux2-klein"])
def test_the_picture_has_the_size_that_was_asked_for(tiny: TinyModels, name: str, size: tuple[int, int]):
    made = make(tiny.load(name), size=size)
    assert made.shape == (*size, 3)
    assert made.dtype == np.uint8


@pytest.mark.parametrize("name", BY_SKETCH)
def test_the_picture_follows_the_sketch(tiny: TinyModels, name: str):
    model = tiny.load(name)
    assert model.follows_sketch
    one, again = (make(model, sketch=drawing()) for _ in range(2))
    assert np.array_equal(one, again)
    square = np.full((80, 30, 3), 255, np.uint8)
    square[20:60, 5:25] = 0
    assert not np.array_equal(one, make(model, sketch=square))


def test_the_weight_of_the_lines_is_a_parameter(tiny: TinyModels):
    model = tiny.load("sdxl-scribble")
    none, full = (make(model, sketch=drawing(), control_scale=scale) for scale in (0, 1))
    assert not np.array_equal(none, full)
    assert np.array_equal(none, make(model, sketch=drawing(width=9), control_scale=0))


@pytest.mark.parametrize("name", ["sdxl-scribble", "sd15-scribble-preview"])
def test_a_model_that_needs_a_sketch_says_so(tiny: TinyModels, name: str):
    with pytest.raises(BadInput) as caught:
        make(tiny.load(name))
    assert caught.value.code == "missing_input"


def test_a_model_that_follows_no_sketch_says_so(tiny: TinyModels):
    assert not tiny.load("sdxl").follows_sketch
    with pytest.raises(PermanentFailure) as caught:
        make(tiny.load("sdxl"), sketch=drawing())
    assert caught.value.code == "no_sketch_model"


@pytest.mark.parametrize("prompt", ["", "  \n "])
def test_a_picture_of_nothing_is_refused(tiny: TinyModels, prompt: str):
    with pytest.raises(BadInput) as caught:
        make(tiny.load("sdxl"), prompt)
    assert caught.value.code == "prompt"


def test_a_negative_prompt_counts_where_it_is_known_and_is_refused_where_not(tiny: TinyModels):
    model = tiny.load("sdxl")
    assert model.heeds_negative
    assert not np.array_equal(make(model, negative_prompt="fog"), make(model))
    for name in ("lcm-preview", "flux2-klein"):
        assert not tiny.load(name).heeds_negative
        with pytest.raises(BadInput, match="`negative_prompt`"):
            make(tiny.load(name), negative_prompt="fog")


def test_where_memory_runs_out_the_picture_is_made_smaller(tiny: TinyModels, monkeypatch: pytest.MonkeyPatch):
    model, sizes = tiny.load("sdxl"), []
    real = model.pipeline._held[1]

    class Full:
        def __call__(self, **arguments: object) -> object:
            sizes.append((arguments["height"], arguments["width"]))
            if len(sizes) == 1:
                raise MemoryError
            return real(**arguments)

    monkeypatch.setattr(model.pipeline, "_held", (model.pipeline._held[0], Full()))
    assert make(model, size=(100, 100), megapixels=0.01).shape == (100, 100, 3)
    assert sizes == [(96, 96), (64, 64)]
