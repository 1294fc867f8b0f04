"""The packed models hold all that a container needs, and nothing that could run code by being loaded."""

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from inference.artifacts import DirectoryArtifactStore
from inference.serve import Serving, model_fn, predict_fn
from inference.stages.guarding import HELPERS
from infra.models.add import add
from infra.models.choose import choose
from infra.models.offers import offers
from infra.models.own_cards import with_files
from infra.models.pack import pack
from infra.models.requirements import requirements
from infra.models.revision import revision, sources
from infra.models.store import Store
from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import file_of, photograph

NEAREST = """7767517
4 4
Input        data   0 1 data
Convolution  same   1 1 data mid 0=3 1=1 5=0 6=9
Interp       double 1 1 mid big 0=1 1=2.0 2=2.0
Noop         out    1 1 big output
"""
"""A net of ncnn that passes colours through its nine weights and doubles the picture."""
IDENTITY = bytes(4) + np.eye(3, dtype=np.float32).tobytes()


def unpack(archive: Path) -> Path:
    folder = archive.with_name("unpacked")
    with tarfile.open(archive) as packed:
        # Debian 12's Python knows no filters yet; later ones warn without. The archive is our own.
        packed.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return folder


@pytest.fixture(scope="module", autouse=True)
def no_guards() -> Iterator[None]:
    """Their weights are not in these stores."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("infra.models.pack.HELPERS", ())
        yield


def test_nothing_is_packed_without_what_the_guards_look_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.models.pack.HELPERS", HELPERS)
    with pytest.raises(PermanentFailure, match="models pull ppocr-reader") as refused:
        pack(tmp_path / "model.tar.gz", ["by-hole"], folder=tmp_path / "models")
    assert refused.value.code == "weights_missing"
    assert not (tmp_path / "model.tar.gz").exists()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    pack(folder / "model.tar.gz", ["by-hole", "supplied-mask"], folder=folder / "models")
    return unpack(folder / "model.tar.gz")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A models folder with a model of one's own, which doubles pictures."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "net.param").write_text(NEAREST)
    (tmp_path / "net" / "net.bin").write_bytes(IDENTITY)
    store = Store(tmp_path / "models")
    span = store.registry().card("span-x2")
    card = span.model_copy(update={"name": "mine", "weights": [], "needs": ["net.param", "net.bin"], "licence": "MIT"})
    add(store, card, choose(card, offers(str(tmp_path / "net"), None)))
    return store


def test_a_model_of_ones_own_is_packed_and_runs_out_of_the_artifact(store: Store, tmp_path: Path) -> None:
    packed = pack(tmp_path / "model.tar.gz", ["mine"], folder=store.folder)
    assert "mine" in packed.models
    assert "span-x2" not in packed.models
    serving = model_fn(str(unpack(tmp_path / "model.tar.gz")))
    artifacts = DirectoryArtifactStore(tmp_path / "s3")
    source = artifacts.put(S3Pointer(bucket="inbox", key="a.png"), file_of(photograph()), "image/png")
    request = StageRequest.build(Stage.UPSCALE, "mine", {"source": source}, {"tile": 32}, work_bucket="work")
    result = predict_fn(request, Serving(serving.models, artifacts))
    height, width = photograph().shape[:2]
    assert (result.height, result.width) == (2 * height, 2 * width)
    assert result.model.licence == "MIT"
    assert {each.file for each in result.model.weights} == {"net.param", "net.bin"}


def test_beside_a_model_that_invents_goes_the_one_that_looks_for_people(store: Store, tmp_path: Path) -> None:
    card = store.registry().card("mine").model_copy(update={"name": "bold", "generative": True, "weights": []})
    with_files(store, card, store.registry().card("mine").weights)
    with pytest.raises(PermanentFailure, match="cleanplate models pull person"):
        pack(tmp_path / "model.tar.gz", ["bold"], folder=store.folder)


def test_where_files_lay_on_this_machine_is_not_packed(store: Store, tmp_path: Path) -> None:
    pack(tmp_path / "model.tar.gz", ["mine"], folder=store.folder)
    card = (unpack(tmp_path / "model.tar.gz") / "weights" / "cards" / "mine.yaml").read_text()
    assert str(tmp_path) in (store.cards / "mine.yaml").read_text()
    assert str(tmp_path) not in card


def test_the_entry_imports_from_the_artifact_alone(unpacked: Path) -> None:
    program = "import serve, inference; print(inference.__file__); serve.model_fn, serve.transform_fn"
    command = [sys.executable, "-P", "-c", program]
    environment = {"PYTHONPATH": str(unpacked / "code"), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(unpacked))


def test_every_requirement_is_an_exact_version_and_torch_stays_the_images_own(unpacked: Path) -> None:
    lines = (unpacked / "code" / "requirements.txt").read_text().splitlines()
    assert all("==" in line for line in lines)
    names = {line.partition("==")[0] for line in lines}
    assert names >= {"boto3", "pydantic", "pillow", "pyyaml", "numpy", "opencv-contrib-python-headless", "pypatchmatch"}
    assert not names & {"torch", "ncnn", "onnxruntime", "ai-edge-litert", "diffusers", "pytest", "typer"}


def test_requirements_follow_the_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cards = {card.name: card for card in Store(tmp_path).registry().cards()}
    names = [pin.partition("==")[0] for pin in requirements([cards["span-x2"], cards["ppocr-text"]])]
    assert {"ncnn", "onnxruntime"} <= set(names)
    monkeypatch.setattr("infra.models.requirements.metadata.packages_distributions", dict)
    with pytest.raises(PermanentFailure, match="gpu"):
        requirements([cards["span-x2"]])


def test_packing_twice_gives_the_same_bytes_and_other_models_another_key(store: Store, tmp_path: Path) -> None:
    packed = [pack(tmp_path / name, ["fsr"], folder=store.folder) for name in ("a", "b")]
    assert packed[0] == packed[1]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert pack(tmp_path / "c", ["mine"], folder=store.folder).key != packed[0].key


def test_missing_weights_are_named_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="cleanplate models pull span-x2"):
        pack(tmp_path / "model.tar.gz", ["span-x2"], folder=tmp_path / "empty")
    assert not list(tmp_path.glob("*model.tar.gz*"))


def test_a_disk_that_fills_up_leaves_no_half_of_an_artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("infra.models.pack._write", full)
    with pytest.raises(OSError, match="No space"):
        pack(tmp_path / "model.tar.gz", ["fsr"], folder=tmp_path / "empty")
    assert not list(tmp_path.glob("*model.tar.gz*"))


def test_the_revision_changes_with_any_file_of_the_serving_program(tmp_path: Path) -> None:
    for name, content in (("a.py", "1"), ("cards/b.yaml", "2"), ("notes.txt", "not served")):
        path = tmp_path / "inference" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    root, own = tmp_path / "inference", tmp_path / "cards"
    before = revision(root, own)
    (root / "notes.txt").write_text("still not served")
    assert revision(root, own) == before
    own.mkdir()
    (own / "mine.yaml").write_text("4")
    with_own = revision(root, own)
    (root / "cards" / "b.yaml").write_text("3")
    assert len({before, with_own, revision(root, own)}) == 3
    assert [path.name for path in sources(root)] == ["a.py", "b.yaml"]
