"""What is in the models folder can be checked and taken out again, and no model loses what another one needs."""

import hashlib
from pathlib import Path

import pytest

from infra.models.families import Facts, families, make_card
from infra.models.own_cards import with_files
from infra.models.pull import pull
from infra.models.remove import remove, remove_strays
from infra.models.standing import standing
from infra.models.store import Store
from infra.models.verify import verify
from schemas.errors import PermanentFailure
from schemas.model_card import Weights
from tests.unit.infra.models.weight_files import NET, onnx, weights_at, write_card

OTHER = onnx(doc=b"another")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two models that share a file, of which one has a second file; all are there."""
    for name, content in (("net.onnx", NET), ("other.onnx", OTHER)):
        (tmp_path / name).write_bytes(content)
    shared = weights_at(f"file://{tmp_path}/net.onnx")
    other = weights_at(f"file://{tmp_path}/other.onnx", "other.onnx", OTHER)
    write_card(tmp_path / "shipped", "one", shared)
    write_card(tmp_path / "shipped", "two", shared, other)
    store = Store(tmp_path / "models", tmp_path / "shipped")
    pull([], registry=store.registry(), folder=store.folder)
    return store


def states(store: Store) -> list[tuple[str, str, str]]:
    found = verify(registry=store.registry(), folder=store.folder)
    return [(verdict.model, verdict.file, verdict.state) for verdict in found if verdict.state != "right"]


def added(store: Store, content: bytes = NET) -> Weights:
    weights = weights_at("file:///nowhere", "model.onnx", content)
    path = store.path(weights)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return weights


def test_what_two_models_share_stays_until_both_are_gone(store: Store) -> None:
    done = remove(["two"], registry=store.registry(), folder=store.folder)
    assert (done.files, done.freed_bytes, done.shared) == (1, len(OTHER), ["net.onnx"])
    assert standing(store.registry().card("one"), store).state == "present"
    assert standing(store.registry().card("two"), store).command == "cleanplate models pull two"
    remove(["one", "two"], registry=store.registry(), folder=store.folder)
    assert not list(store.folder.glob("[0-9a-f]" * 16))


def test_an_unknown_name_removes_nothing(store: Store) -> None:
    with pytest.raises(PermanentFailure):
        remove(["one", "nothing"], registry=store.registry(), folder=store.folder)
    assert states(store) == []


def test_bit_rot_missing_files_pickles_and_strays_are_told_apart(store: Store) -> None:
    assert states(store) == []
    net, other = (store.path(weights) for weights in store.registry().card("two").weights)
    net.write_bytes(NET[:-1] + b"\0")
    other.unlink()
    stray = store.folder / ("ab" * 8) / "left.onnx"
    stray.parent.mkdir()
    stray.write_bytes(NET)
    assert states(store) == [
        ("one", "net.onnx", "changed"),
        ("two", "net.onnx", "changed"),
        ("two", "other.onnx", "missing"),
        ("", "abababababababab/left.onnx", "stray"),
    ]
    pull([], registry=store.registry(), folder=store.folder)
    assert [state for *_, state in states(store)] == ["stray"]
    store.part("half").write_bytes(b"half a file")
    assert remove_strays(registry=store.registry(), folder=store.folder).freed_bytes == len(NET)
    assert states(store) == []
    assert not store.part("half").exists()


def test_a_pickle_that_was_smuggled_in_with_its_checksum_is_found(store: Store) -> None:
    evil = b"\x80\x04\x95" + bytes(40)
    weights = added(store, evil)
    write_card(store.shipped, "three", weights)
    assert states(store) == [("three", "model.onnx", "refused")]


def test_a_model_of_ones_own_comes_and_goes_with_its_card(store: Store, tmp_path: Path) -> None:
    write_card(store.shipped, "family", needs=["model.onnx"], stage="upscale", scale=4, generative=True)
    card = make_card("supplied-mask", Facts("mine", "CC-BY-NC-4.0", False, scale=2), store.registry().cards())
    assert (card.generative, card.scale, card.commercial_use, card.unmet) == (True, 2, False, ["model.onnx"])
    mine = with_files(store, card, [added(store).model_copy(update={"licence": card.licence})])
    assert store.registry().card("mine") == mine
    replaced = with_files(store, mine, [added(store, OTHER)])
    assert [weights.sha256 for weights in replaced.weights] == [hashlib.sha256(OTHER).hexdigest()]
    remove(["mine"], registry=store.registry(), folder=store.folder)
    assert "mine" not in {card.name for card in store.registry().cards()}
    assert states(store) == []


def test_a_broken_card_can_be_removed(store: Store) -> None:
    store.cards.mkdir()
    (store.cards / "bad.yaml").write_text("{")
    assert "bad" in store.registry().broken()
    remove(["bad"], registry=store.registry(), folder=store.folder)
    assert store.registry().broken() == {}


@pytest.mark.parametrize(
    ("family", "facts", "code"),
    [
        ("nothing", Facts("mine", "MIT", True, 2), "unknown_family"),
        ("supplied-mask", Facts("mine", "MIT", True), "broken_card"),
        ("supplied-mask", Facts("../mine", "MIT", True, 2), "broken_card"),
    ],
)
def test_a_card_is_made_after_a_family_that_there_is(store: Store, family: str, facts: Facts, code: str) -> None:
    write_card(store.shipped, "family", needs=["model.onnx"], stage="upscale", scale=4)
    assert set(families(store.registry().cards())) == {"supplied-mask"}
    with pytest.raises(PermanentFailure) as caught:
        make_card(family, facts, store.registry().cards())
    assert caught.value.code == code
