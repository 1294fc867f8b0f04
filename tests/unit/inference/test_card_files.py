"""Cards of the user's own stand beside those that ship, complete them, and change nothing else about them."""

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from inference.registry import Registry
from inference.weights import file_sha256, known_sha256
from schemas.errors import PermanentFailure
from tests.documents import card_document

DATA = b"weights of a model"
SHA = hashlib.sha256(DATA).hexdigest()
CARD = card_document(needs=["net.onnx", "model.safetensors"])


def entry(file: str, licence: str = "MIT") -> dict[str, Any]:
    return {"file": file, "source": "file:///nowhere", "sha256": SHA, "size_bytes": len(DATA), "licence": licence}


def registry(folder: Path, **own: Any) -> Registry:
    """A registry of the card above, and of files in the models folder."""
    (folder / "shipped").mkdir()
    (folder / "shipped" / "net.yaml").write_text(yaml.safe_dump(CARD))
    (folder / "models" / "cards").mkdir(parents=True)
    for name, document in own.items():
        text = document if isinstance(document, str) else yaml.safe_dump(document)
        (folder / "models" / "cards" / f"{name}.yaml").write_text(text)
    return Registry(folder / "shipped", folder / "models")


def test_added_files_meet_the_needs_of_a_card_that_ships(tmp_path: Path) -> None:
    models = registry(tmp_path, net={"completes": "net", "weights": [entry("net.onnx"), entry("model.safetensors")]})
    for file in ("net.onnx", "model.safetensors"):
        path = tmp_path / "models" / SHA[:16] / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(DATA)
    assert models.card("net").unmet == []
    assert models.load("net").card.licence == "MIT"


def test_a_file_in_parts_meets_a_need_when_its_index_is_there(tmp_path: Path) -> None:
    parts = ["model.safetensors.index.json", "model-00001-of-00001.safetensors", "net.onnx"]
    assert (
        registry(tmp_path, net={"completes": "net", "weights": [entry(file) for file in parts]}).card("net").unmet == []
    )


def test_a_model_of_ones_own_is_found_and_loaded(tmp_path: Path) -> None:
    models = registry(tmp_path, mine={**CARD, "name": "mine", "licence": "CC-BY-NC-4.0", "needs": []})
    assert [card.name for card in models.cards()] == ["mine", "net"]
    assert models.load("mine").card.licence == "CC-BY-NC-4.0"


@pytest.mark.parametrize(
    ("name", "document", "said"),
    [
        ("net", {"completes": "net", "weights": [entry("net.onnx", "GPL-3.0")]}, "is under GPL-3.0"),
        ("net", {"completes": "net", "weights": [entry("other.onnx")]}, "has no need of other.onnx"),
        ("net", {"completes": "net", "weights": [entry("net.onnx"), entry("net.onnx")]}, "has no need of"),
        ("net", {"completes": "net", "weights": [entry("net.onnx")], "licence": "MIT"}, "licence"),
        ("net", {"completes": "net", "weights": [entry("net.onnx")], "adapter": CARD["adapter"]}, "adapter"),
        ("net", {"completes": "other", "weights": [entry("net.onnx")]}, "no card that ships"),
        ("net", {**CARD, "commercial_use": False}, "of this name ships"),
        ("mine", {**CARD, "name": "mine", "adapter": "os:system"}, "adapter"),
        ("mine", {**CARD, "name": "mine", "adapter": "inference.server:ModelServer"}, "no model that ships uses"),
        ("mine", {**CARD, "name": "yours"}, "calls itself"),
        ("mine", "!!python/object/apply:os.system [ls]", "python/object"),
        ("mine", "x" * (1 << 20) + "x", "larger than any card"),
    ],
)
def test_an_own_card_that_says_too_much_is_left_out_and_takes_no_other_down(
    tmp_path: Path, name: str, document: Any, said: str
) -> None:
    models = registry(tmp_path, **{name: document})
    assert said in models.broken()[name]
    assert [card.name for card in models.cards()] == ["net"]
    assert models.cards()[0].unmet == CARD["needs"]
    with pytest.raises(PermanentFailure) as caught:
        models.card(name)
    assert caught.value.code == "broken_card"
    assert f"{name}.yaml" in caught.value.message


def test_a_card_nested_without_end_is_left_out_too(tmp_path: Path) -> None:
    models, limit = registry(tmp_path, mine="[" * 900), sys.getrecursionlimit()
    sys.setrecursionlimit(1000)  # some library of an earlier test may have raised it
    try:
        assert "nested deeper" in models.broken()["mine"]
    finally:
        sys.setrecursionlimit(limit)


def test_a_file_is_hashed_again_when_it_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []

    def counted(path: Path) -> str:
        reads.append(path)
        return file_sha256(path)

    monkeypatch.setattr("inference.weights.file_sha256", counted)
    path = tmp_path / "net.onnx"
    path.write_bytes(DATA)
    assert [known_sha256(path), known_sha256(path)] == [SHA, SHA]
    assert len(reads) == 1
    other = tmp_path / "other"
    other.write_bytes(DATA[::-1])
    other.replace(path)
    assert known_sha256(path) == hashlib.sha256(DATA[::-1]).hexdigest()
    assert len(reads) == 2
