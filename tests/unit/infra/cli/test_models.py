"""``cleanplate models`` from the outside: what people see and what is left on the disk."""

import json
from pathlib import Path

import pytest
import yaml

from tests.unit.infra.cli.test_commands import run
from tests.unit.infra.models.conftest import shelf  # noqa: F401  a fixture
from tests.unit.infra.models.shelf import Shelf
from tests.unit.infra.models.test_hub import publish
from tests.unit.infra.models.weight_files import PARAM, safetensors

OWN = {
    "name": "mine",
    "version": "1",
    "stage": "upscale",
    "summary": "A model of this test.",
    "adapter": "inference.upscaling.span:SpanUpscaler",
    "licence": "CC-BY-NC-4.0",
    "commercial_use": False,
    "generative": True,
    "scale": 2,
    "needs": ["net.param", "net.bin"],
}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A models folder that holds nothing but a card of one's own."""
    monkeypatch.setenv("CLEANPLATE_MODELS", str(tmp_path / "models"))
    (tmp_path / "models" / "cards").mkdir(parents=True)
    (tmp_path / "models" / "cards" / "mine.yaml").write_text(yaml.safe_dump(OWN))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "net.param").write_bytes(PARAM)
    (tmp_path / "files" / "net.bin").write_bytes(bytes(64))
    return tmp_path


def facts(name: str) -> dict[str, object]:
    code, output = run("models", "list", "--json")
    assert code == 0
    return next(each for each in json.loads(output)["models"] if each["name"] == name)


def test_a_model_is_listed_completed_checked_and_removed(folder: Path) -> None:
    assert (facts("mine")["weights"], facts("mine")["commercial_use"]) == ("to be added", False)
    code, output = run("models", "add", folder / "files", "--model", "mine")
    assert code == 0
    assert "CC-BY-NC-4.0, NO commercial use" in output
    assert "`mine` is ready" in output
    assert facts("mine")["weights"] == "present"
    shown = run("models", "show", "mine")[1]
    for words in ("CC-BY-NC-4.0", "may invent", "net.bin, 64 bytes", "accepted    20"):
        assert words in shown
    assert run("models", "verify", "mine") == (0, "2 weight files are right, 0 are not.\n")
    (weights,) = folder.glob("models/*/net.bin")
    weights.write_bytes(bytes(63) + b"x")
    code, output = run("models", "verify", "mine")
    assert code == 1
    assert output.startswith("changed\tmine\tnet.bin\t")
    assert run("models", "remove", "mine")[0] == 0
    assert not list(folder.glob("models/*/net.*")) + list(folder.glob("models/cards/*"))


def test_a_broken_card_of_ones_own_is_told_and_the_rest_is_listed(folder: Path) -> None:
    (folder / "models" / "cards" / "mine.yaml").write_text("{")
    code, output = run("models")
    assert code == 0
    assert "mine.yaml cannot be used" in output
    assert "patchmatch" in output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "give --model NAME, or --adapter"),
        (("--model", "mine", "--adapter", "x"), "give --model NAME, or --adapter"),
        (("--model", "mine", "--scale", "2"), "with --adapter"),
        (("--adapter", "x", "--name", "y", "--licence", "MIT"), "--commercial or --non-commercial"),
    ],
)
def test_options_of_add_that_make_no_sense_are_refused(folder: Path, options: tuple[str, ...], words: str) -> None:
    code, output = run("models", "add", folder / "files", *options)
    assert code == 2
    assert words in " ".join(output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "mine", "--licence", "MIT"), "says CC-BY-NC-4.0"),
        (("--model", "mine", "--commercial"), "says CC-BY-NC-4.0"),
        (("--model", "patchmatch"), "needs no files"),
        (("--adapter", "os", "--name", "y", "--licence", "MIT", "--commercial"), "no adapter family `os`"),
        (("--adapter", "os", "--name", "mine", "--licence", "MIT", "--commercial"), "is a model `mine` already"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(folder: Path, options: tuple[str, ...], words: str) -> None:
    code, output = run("models", "add", folder / "files", *options)
    assert code == 1
    assert words in output
    assert facts("mine")["weights"] == "to be added"


def test_a_model_of_ones_own_is_made_after_a_family_that_ships(folder: Path) -> None:
    (folder / "net.safetensors").write_bytes(safetensors())
    own = ("--adapter", "spandrel-upscaler", "--name", "my-x4", "--scale", "4")
    licence = ("--licence", "CC-BY-NC-4.0", "--non-commercial")
    assert run("models", "add", folder / "net.safetensors", *own, *licence)[0] == 0
    made = facts("my-x4")
    assert (made["weights"], made["generative"], made["commercial_use"], made["ships"]) == (
        "present",
        True,
        False,
        False,
    )
    code, output = run("models", "add", folder / "net.safetensors", *own, *licence)
    assert code == 1
    assert "already" in output


@pytest.mark.parametrize(("licence", "code"), [("mit", 0), ("cc-by-nc-4.0", 1)])
def test_weights_whose_publisher_forbids_business_do_not_become_commercial(
    folder: Path,
    shelf: Shelf,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    licence: str,
    code: int,
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", shelf.address)
    publish(shelf, {"net.safetensors": safetensors()}, tags=[f"license:{licence}"])
    assert run("models", "add", "hf://who/what/net.safetensors", "--model", "realesrgan-x4plus")[0] == code
    assert facts("realesrgan-x4plus")["weights"] == ("to be added" if code else "present")
