"""Models are found by name, and weights are the right ones or are not loaded."""

import hashlib
from pathlib import Path

import pytest
import yaml

from inference import registry as registry_module
from inference.card_files import CARDS, read_card
from inference.registry import Registry, model_use
from inference.weights import models_folder
from schemas.errors import PermanentFailure
from schemas.stage import Stage

WEIGHTS = b"weights of a model"
SHA = hashlib.sha256(WEIGHTS).hexdigest()


def card_file(folder: Path, name: str, /, **changes: object) -> None:
    card = {
        "name": name,
        "version": "1",
        "stage": "mask",
        "summary": "A model of this test.",
        "adapter": "inference.masking.supplied:SuppliedMask",
        "licence": "MIT",
        "commercial_use": True,
        "generative": False,
        **changes,
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(card))


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
    assert "cleanplate models add FILE_OR_URL --sha256 HEX --model net" in error.message


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


def test_an_adapter_is_built_once_and_the_least_recently_used_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_module, "KEPT", 2)
    for name in ("one", "two", "three"):
        card_file(tmp_path, name)
    registry = Registry(tmp_path, tmp_path)
    one, two = registry.load("one"), registry.load("two")
    assert registry.load("one") is one
    registry.load("three")
    assert registry.load("one") is one
    assert registry.load("two") is not two


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
