"""Models are found by name, and weights are the right ones or are not loaded."""

import hashlib
import importlib
import sys
from pathlib import Path

import pytest
import yaml

from inference import registry as registry_module
from inference.card_files import CARDS, read_card
from inference.registry import Registry, model_use
from inference.weights import models_folder
from schemas.errors import PermanentFailure
from schemas.stage import Stage
from tests.documents import card_document

WEIGHTS = b"weights of a model"
SHA = hashlib.sha256(WEIGHTS).hexdigest()


def card_file(folder: Path, name: str, /, **changes: object) -> None:
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(card_document(name, **changes)))


def weights_entry() -> list[dict[str, object]]:
    return [{"file": "net.onnx", "source": "file:///nowhere", "sha256": SHA, "size_bytes": 18, "licence": "MIT"}]


def failure(registry: Registry, name: str) -> PermanentFailure:
    with pytest.raises(PermanentFailure) as caught:
        registry.load(name)
    return caught.value


def test_an_unknown_model_is_answered_with_those_that_exist_for_the_stage() -> None:
    with pytest.raises(PermanentFailure, match=r"`nope` for `assess`. There are: classical-assess") as caught:
        Registry().card("nope", Stage.ASSESS_UPSCALED)
    assert caught.value.code == "unknown_model"


def test_a_model_of_another_stage_is_unknown() -> None:
    with pytest.raises(PermanentFailure):
        Registry().card("supplied-mask", Stage.UPSCALE)


def test_missing_weights_are_answered_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    card_file(tmp_path, "net", weights=weights_entry())
    error = failure(Registry(tmp_path, tmp_path), "net")
    assert error.code == "weights_missing"
    assert "cleanplate models pull net" in error.message


def test_files_that_a_card_does_not_bring_are_answered_with_the_command_that_adds_them(tmp_path: Path) -> None:
    card_file(tmp_path, "net", needs=["net.onnx", "config.json"], weights=weights_entry())
    error = failure(Registry(tmp_path, tmp_path), "net")
    assert error.code == "weights_missing"
    assert "comes without config.json." in error.message
    assert "cleanplate models add " in error.message
    assert "--model net`" in error.message


def test_no_card_can_need_a_pickle(tmp_path: Path) -> None:
    card_file(tmp_path, "net", needs=["model.pth"])
    with pytest.raises(PermanentFailure, match=r"needs"):
        Registry(tmp_path).cards()


def test_changed_weights_are_never_parsed(tmp_path: Path) -> None:
    card_file(tmp_path, "net", weights=weights_entry())
    path = tmp_path / SHA[:16] / "net.onnx"
    path.parent.mkdir()
    path.write_bytes(WEIGHTS + b"!")
    assert failure(Registry(tmp_path, tmp_path), "net").code == "weights_changed"
    path.write_bytes(WEIGHTS)
    assert Registry(tmp_path, tmp_path).load("net").card.name == "net"


def test_an_adapter_is_built_once_until_it_is_let_go(tmp_path: Path) -> None:
    card_file(tmp_path, "one")
    registry = Registry(tmp_path, tmp_path)
    one = registry.load("one")
    assert registry.load("one") is one
    registry.release()
    assert registry.load("one") is not one


def test_adapters_make_room_for_each_other_within_the_memory_budget(tmp_path: Path) -> None:
    path = tmp_path / SHA[:16] / "net.onnx"
    path.parent.mkdir()
    path.write_bytes(WEIGHTS)
    for name in ("one", "two", "three"):
        card_file(tmp_path, name, weights=weights_entry())
    registry = Registry(tmp_path, tmp_path, memory=2 * len(WEIGHTS))
    one, two = registry.load("one"), registry.load("two")
    registry.load("one")
    registry.load("three")
    assert registry.load("one") is one
    assert registry.load("two") is not two


def test_running_out_of_memory_while_loading_is_answered_by_letting_the_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Large:
        def __init__(self, card: object, weights: object) -> None:
            attempts.append(registry._loaded.get("small") is not None)
            if len(attempts) == 1:
                raise MemoryError

    attempts: list[bool] = []
    card_file(tmp_path, "small")
    card_file(tmp_path, "large", adapter="inference.masking.supplied:Large")
    monkeypatch.setattr("inference.masking.supplied.Large", Large, raising=False)
    registry = Registry(tmp_path, tmp_path)
    registry.load("small")
    assert isinstance(registry.load("large"), Large)
    assert attempts == [True, False]


@pytest.mark.parametrize(("package", "extra"), [("torch", "gpu"), ("diffusers", "gpu"), ("onnxruntime", "local")])
def test_an_absent_library_is_answered_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, extra: str
) -> None:
    class Needy:
        def __init__(self, card: object, weights: object) -> None:
            importlib.import_module(f"{package}.part")

    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr("inference.masking.supplied.Needy", Needy, raising=False)
    card_file(tmp_path, "net", adapter="inference.masking.supplied:Needy")
    error = failure(Registry(tmp_path, tmp_path), "net")
    assert error.code == "library_missing"
    assert f"needs {package}: install Cleanplate with its `{extra}` extra" in error.message


@pytest.mark.parametrize("changes", [{"stage": "magic"}, {"adapter": "os:system"}, {"name": "other"}, {"surprise": 1}])
def test_a_broken_card_names_its_file(tmp_path: Path, changes: dict[str, object]) -> None:
    card_file(tmp_path, "net", **changes)
    with pytest.raises(PermanentFailure, match=r"net\.yaml") as caught:
        Registry(tmp_path).cards()
    assert caught.value.code == "broken_card"


def test_an_adapter_that_cannot_be_imported_is_a_broken_card(tmp_path: Path) -> None:
    card_file(tmp_path, "net", adapter="inference.masking.supplied:Absent")
    assert failure(Registry(tmp_path, tmp_path), "net").code == "broken_card"


@pytest.mark.parametrize("path", sorted(CARDS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_card_says_its_limits_and_its_adapter_exists(path: Path) -> None:
    card = read_card(path)
    assert card.limits
    assert card.summary.endswith(".")
    assert registry_module._adapter_class(card)
    assert model_use(card).licence == card.licence


def test_the_weights_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    monkeypatch.delenv("CLEANPLATE_MODELS", raising=False)
    assert models_folder() == Path("/cache/cleanplate/models")
    monkeypatch.setenv("CLEANPLATE_MODELS", "/models")
    assert models_folder() == Path("/models")
