"""Files are added to a model whole, checked and under its licence, or nothing about it changes."""

import hashlib
import json
from pathlib import Path

import pytest

from infra.models.add import add
from infra.models.choose import choose
from infra.models.licences import accepted
from infra.models.offers import offers
from infra.models.pull import pull
from infra.models.remove import remove
from infra.models.store import Store
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from tests.unit.infra.models.shelf import Shelf
from tests.unit.infra.models.test_hub import COMMIT, CONFIG, publish
from tests.unit.infra.models.weight_files import NET, SHA, safetensors, write_card

UNET, HALF = safetensors({"a": [8]}), safetensors({"a": [4]})
PIPELINE = ["model_index.json", "unet/config.json", "unet/model.safetensors"]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    write_card(tmp_path / "shipped", "net", needs=["net.onnx"])
    write_card(tmp_path / "shipped", "pipeline", needs=PIPELINE)
    return Store(tmp_path / "models", tmp_path / "shipped")


def bring(store: Store, source: str | Path, model: str, sha256: str | None = None, **how: str) -> ModelCard:
    card = store.registry().card(model)
    return add(store, card, choose(card, offers(str(source), sha256), **how))


def folder(root: Path, **files: bytes) -> Path:
    for name, content in {"model_index.json": b"{}", "unet/config.json": CONFIG, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_a_file_of_any_name_becomes_the_one_that_is_needed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "My net (v2).onnx").write_bytes(NET)
    assert bring(store, tmp_path / "My net (v2).onnx", "net").unmet == []
    assert store.registry().load("net").card.weights[0].sha256 == SHA
    assert [each.files[0].sha256 for each in accepted(store, "net")] == [SHA]


def test_an_address_needs_the_publishers_checksum_and_is_held_to_it(store: Store, shelf: Shelf) -> None:
    for wrong in (None, "0" * 64, "abc"):
        with pytest.raises(PermanentFailure) as caught:
            bring(store, f"{shelf.address}/net", "net", wrong, file="net.onnx")
        assert caught.value.code == ("checksum" if wrong == "0" * 64 else "checksum_missing")
        assert store.registry().card("net").unmet == ["net.onnx"]
    shelf.breaks = 1
    assert bring(store, f"{shelf.address}/net", "net", SHA.upper(), file="net.onnx").unmet == []
    bring(store, f"{shelf.address}/net", "net", SHA, file="net.onnx")
    assert len(shelf.asked) == 3  # refused once; cut off once; and then it was there


def test_an_address_with_a_query_is_not_written_down(store: Store, shelf: Shelf) -> None:
    with pytest.raises(PermanentFailure, match="may be a secret"):
        bring(store, f"{shelf.address}/net?signature=s3cret", "net", SHA)


def test_a_folder_brings_what_the_model_needs_and_nothing_else(store: Store, tmp_path: Path) -> None:
    files = {"unet/model.safetensors": UNET, "unet/model.fp16.safetensors": HALF, "README.md": b"Hello"}
    card = bring(store, folder(tmp_path / "sdxl", **files), "pipeline")
    assert {weights.file: weights.sha256 for weights in card.weights}["unet/model.safetensors"] == sha(UNET)
    assert [weights.file for weights in store.registry().card("pipeline").weights] == PIPELINE
    half = bring(store, tmp_path / "sdxl", "pipeline", variant="fp16")
    assert {weights.file: weights.sha256 for weights in half.weights}["unet/model.safetensors"] == sha(HALF)
    assert not [path for path in store.folder.rglob("*.safetensors") if path.read_bytes() == UNET]


def test_a_large_file_may_come_in_parts_all_of_them(store: Store, tmp_path: Path) -> None:
    names = [f"unet/model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    index = {"weight_map": {"a": Path(names[0]).name, "b": Path(names[1]).name}}
    parts = {"unet/model.safetensors.index.json": json.dumps(index).encode(), names[0]: UNET, names[1]: HALF}
    root = folder(tmp_path / "sdxl", **parts)
    assert bring(store, root, "pipeline").unmet == []
    remove(["pipeline"], registry=store.registry(), folder=store.folder)
    (root / names[1]).unlink()
    with pytest.raises(PermanentFailure, match=r"also needs unet/model\.safetensors"):
        bring(store, root, "pipeline")


def test_one_bad_file_leaves_the_card_as_it_was(store: Store, tmp_path: Path) -> None:
    evil = b'{"auto_map": {"AutoModel": "evil.Model"}}'
    root = folder(tmp_path / "sdxl", **{"unet/model.safetensors": UNET, "model_index.json": evil})
    with pytest.raises(PermanentFailure, match="code to be run"):
        bring(store, root, "pipeline")
    assert store.registry().card("pipeline").unmet == PIPELINE
    (root / "model_index.json").write_bytes(b"{}")
    assert bring(store, root, "pipeline").unmet == []


def test_it_is_asked_what_a_file_is_where_that_is_not_clear(store: Store, tmp_path: Path) -> None:
    root = folder(tmp_path / "sdxl")
    with pytest.raises(PermanentFailure, match="--file"):
        bring(store, root / "model_index.json", "net")
    with pytest.raises(PermanentFailure, match="--file"):
        bring(store, (root / "unet" / "config.json").rename(root / "c.json"), "pipeline")
    card = bring(store, root / "c.json", "pipeline", file="unet/config.json")
    assert card.unmet == ["model_index.json", "unet/model.safetensors"]


def test_a_hubs_repository_is_added_by_its_commit_each_file_by_its_checksum(
    store: Store, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", shelf.address)
    publish(shelf, {"sub/model_index.json": b"{}", "sub/unet/config.json": CONFIG, "sub/unet/model.safetensors": UNET})
    card = bring(store, "hf://who/what@v1/sub", "pipeline")
    assert {weights.source for weights in card.weights} == {f"hf://who/what@{COMMIT}/sub/{name}" for name in PIPELINE}
    assert store.registry().load("pipeline").card.unmet == []
    for weights in card.weights:
        store.drop(weights)
    pull(["pipeline"], registry=store.registry(), folder=store.folder)  # as on another machine that has the card
    assert store.registry().load("pipeline").card.unmet == []


@pytest.mark.parametrize("changed", ["unet/config.json", "unet/model.safetensors"])
def test_a_file_that_is_not_as_the_hub_described_it_is_refused(
    store: Store, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", shelf.address)
    publish(shelf, {"model_index.json": b"{}", "unet/config.json": CONFIG, "unet/model.safetensors": UNET})
    content = shelf.files[f"/who/what/resolve/{COMMIT}/{changed}"]
    shelf.files[f"/who/what/resolve/{COMMIT}/{changed}"] = content[:-1] + b"\t"
    with pytest.raises(PermanentFailure) as caught:
        bring(store, "hf://who/what", "pipeline")
    assert caught.value.code == "checksum"
    assert store.registry().card("pipeline").unmet == PIPELINE
