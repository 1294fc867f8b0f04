"""Models are ready before the first request, and one that cannot be takes no other down with it."""

from pathlib import Path
from typing import Any

import pytest

import inference.toolkit
from inference.card_files import CARDS, read_card
from inference.registry import Registry
from inference.warm import _RUNS, _quick, wanted, warm
from schemas.stage import Stage
from tests.unit.inference.small_models import SmallModels, card


class Watched:
    """Stands for any adapter; counts how often it worked and keeps what it was given."""

    def __init__(self) -> None:
        self.worked = 0
        self.given: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in ("find", "fill", "refine", "assess_native", "enlarge", "generate", "agreement"):
            raise AttributeError(name)

        def work(*arguments: Any, **named: Any) -> None:
            self.worked += 1
            self.given = named

        return work


@pytest.mark.parametrize(
    "stage",
    [Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS, Stage.UPSCALE, Stage.PREVIEW, Stage.GENERATE, Stage.SCORE],
)
def test_a_model_of_every_kind_works_once(stage: Stage) -> None:
    adapter = Watched()
    models = SmallModels(watched=(card("watched", stage), lambda: adapter))
    assert warm(models, ["watched"]) == ["watched"]
    assert adapter.worked == 1
    assert stage in _RUNS


def test_a_generator_gets_a_sketch_only_where_it_follows_one() -> None:
    for follows in (False, True):
        adapter = Watched()
        adapter.follows_sketch = follows
        warm(SmallModels(watched=(card("watched", Stage.GENERATE), lambda adapter=adapter: adapter)), ["watched"])
        assert (adapter.given["sketch"] is not None) is follows


def test_a_model_that_takes_many_steps_takes_two() -> None:
    assert _quick({"num_inference_steps": 30, "strength": 0.99})["num_inference_steps"] == 2
    assert _quick({"num_inference_steps": 1})["num_inference_steps"] == 1
    assert "num_inference_steps" not in _quick({"tile": 0})


def test_what_cannot_be_made_ready_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def fill(self, *_: Any, **__: Any) -> None:
            raise ZeroDivisionError

    models = SmallModels(broken=(card("broken", Stage.INPAINT), Broken))
    sound = ["mean", "repeat-x2", "comparison", "feather", "drawn-box"]
    assert warm(models, ["absent", "broken", *sound]) == sound
    assert "absent is not ready: There is no model `absent`." in caplog.text


def test_a_model_without_its_weights_says_how_to_add_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert warm(Registry(weights=tmp_path), ["lama"]) == []
    assert "cleanplate models add" in caplog.text


def test_models_of_the_embedded_stack_can_be_made_ready() -> None:
    names = [path.stem for path in CARDS.glob("*.yaml") if not read_card(path).needs and not read_card(path).weights]
    assert set(warm(Registry(), names)) == set(names)


def test_the_container_makes_ready_what_its_environment_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLEANPLATE_WARM", "lanczos-x2, telea,")
    assert wanted() == ["lanczos-x2", "telea"]
    serving = inference.toolkit.model_fn(str(tmp_path))
    assert serving.models._loaded.get("lanczos-x2") is not None
    assert serving.models._loaded.get("telea") is not None
