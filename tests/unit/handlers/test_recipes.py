"""A deployment reads its recipes once, and says which file is wrong."""

from pathlib import Path

import pytest

from handlers import recipes
from schemas.errors import BadInput, PermanentFailure

GOOD = "name: shrink\nversion: 1\nsummary: x\nupscale: {model: span-x2, scale: 2}\n"


@pytest.fixture
def folder(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPES_FOLDER", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        (None, "", "no_recipes"),
        ("shrink.yaml", "name: [", "bad_recipe"),
        ("shrink.yaml", "name: shrink\n", "bad_recipe"),
        ("shrink.yaml", GOOD + "colour: red\n", "bad_recipe"),
        ("shrink.yaml", "!!python/object/apply:os.system ['true']", "bad_recipe"),
        ("other.yaml", GOOD, "bad_recipe"),
    ],
)
def test_a_folder_of_recipes_that_is_wrong_is_refused(folder: Path, file: str | None, text: str, code: str) -> None:
    if file:
        (folder / file).write_text(text)
    with pytest.raises(PermanentFailure) as raised:
        recipes.shipped()
    assert raised.value.code == code
    assert (file or str(folder)) in raised.value.message


def test_a_recipe_is_found_by_name_and_by_version(folder: Path) -> None:
    (folder / "shrink.yaml").write_text(GOOD)
    assert recipes.resolve("shrink") == recipes.resolve("shrink@1")


@pytest.mark.parametrize("reference", ["", "@1", "shrink@", "shrink@2", "shrink@1@1", "Shrink", "x" * 9000])
def test_a_reference_that_fits_no_recipe_is_refused_in_few_words(folder: Path, reference: str) -> None:
    (folder / "shrink.yaml").write_text(GOOD)
    with pytest.raises(BadInput) as raised:
        recipes.resolve(reference)
    assert len(raised.value.message) < 200
