"""Weights arrive whole and right, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inference.weights import weight_path
from infra.models.licences import accepted
from infra.models.pull import pull
from infra.models.store import Store
from schemas.errors import PermanentFailure
from tests.unit.infra.models.weight_files import NET, SHA, onnx, weights_at, write_card


def test_a_pulled_file_lies_where_the_registry_looks(tmp_path: Path) -> None:
    (tmp_path / "a file.onnx").write_bytes(NET)
    weights = weights_at(f"file://{tmp_path}/a%20file.onnx")
    registry = write_card(tmp_path, "net", weights)
    seen: list[tuple[str, int, int]] = []
    paths = pull(["net"], lambda *progress: seen.append(progress), registry=registry, folder=tmp_path / "models")
    assert paths == [weight_path(tmp_path / "models", weights)]
    assert registry.load("net").card.name == "net"
    assert seen[-1] == ("net.onnx", len(NET), len(NET))


def test_another_checksum_is_refused_with_both_named_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx", sha256="0" * 64))
    with pytest.raises(PermanentFailure) as caught:
        pull(["net"], registry=registry, folder=tmp_path / "models")
    assert SHA in caught.value.message
    assert "0" * 64 in caught.value.message
    assert not [path for path in (tmp_path / "models").rglob("*") if path.is_file() and path.stat().st_size]


def test_what_is_there_is_not_fetched_again_and_what_is_broken_is(tmp_path: Path) -> None:
    source = tmp_path / "net.onnx"
    source.write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{source}"))
    (path,) = pull(["net"], registry=registry, folder=tmp_path / "models")
    path.write_bytes(b"bit rot")
    pull(["net"], registry=registry, folder=tmp_path / "models")
    assert path.read_bytes() == NET
    source.unlink()
    assert pull(["net"], registry=registry, folder=tmp_path / "models") == [path]


def test_many_pulls_at_once_leave_one_right_file(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: pull(["net"], registry=registry, folder=tmp_path / "models"), range(8)))
    assert found[0][0].read_bytes() == NET


def test_a_pickle_is_refused_though_its_checksum_is_the_one_on_the_card(tmp_path: Path) -> None:
    pickle = b"\x80\x04\x95" + bytes(40)
    (tmp_path / "net.onnx").write_bytes(pickle)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx", data=pickle))
    with pytest.raises(PermanentFailure, match="is a pickle"):
        pull(["net"], registry=registry, folder=tmp_path / "models")
    assert not [path for path in (tmp_path / "models").rglob("*.onnx*") if path.is_file()]


def test_the_licence_is_shown_before_and_written_down_once_with_its_date(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET)
    weights = weights_at(f"file://{tmp_path}/net.onnx")
    registry = write_card(tmp_path, "net", weights, licence="CC-BY-NC-4.0", commercial_use=False)
    store, shown = Store(tmp_path / "models"), []
    for _ in range(2):
        pull(
            ["net"],
            registry=registry,
            folder=store.folder,
            on_licence=lambda card: shown.append((card.licence, store.has(weights))),
        )
    assert shown == [("CC-BY-NC-4.0", False)]
    (entry,) = accepted(store, "net")
    assert (entry.licence, entry.commercial_use, entry.files[0].sha256) == ("CC-BY-NC-4.0", False, SHA)
    changed = weights_at(f"file://{tmp_path}/other.onnx", data=onnx(doc=b"other"))
    (tmp_path / "other.onnx").write_bytes(onnx(doc=b"other"))
    pull(["net"], registry=write_card(tmp_path, "net", changed), folder=store.folder)
    assert [each.licence for each in accepted(store, "net")] == ["CC-BY-NC-4.0", "MIT"]


def test_a_model_that_needs_files_of_the_users_says_how_to_add_them_and_holds_up_no_other(tmp_path: Path) -> None:
    write_card(tmp_path, "big", needs=["model.safetensors"])
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx"))
    assert len(pull([], registry=registry, folder=tmp_path / "models")) == 1
    with pytest.raises(PermanentFailure, match=r"cleanplate models add .* --model big"):
        pull(["big"], registry=registry, folder=tmp_path / "models")


def test_a_file_that_lay_on_another_machine_holds_up_no_other_model(tmp_path: Path) -> None:
    write_card(tmp_path, "mine", weights_at("file:///on/another/machine.onnx", data=onnx(doc=b"mine")))
    (tmp_path / "net.onnx").write_bytes(NET)
    registry = write_card(tmp_path, "net", weights_at(f"file://{tmp_path}/net.onnx"))
    assert len(pull([], registry=registry, folder=tmp_path / "models")) == 1
    with pytest.raises(PermanentFailure, match="another/machine"):
        pull(["mine"], registry=registry, folder=tmp_path / "models")
