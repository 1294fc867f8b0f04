"""Nothing that can run code is laid out for a library to read."""

import json
from pathlib import Path

import pytest

from inference.nets.folder import pretrained_folder
from schemas.errors import PermanentFailure


@pytest.mark.parametrize(
    "name", ["unet/diffusion_pytorch_model.bin", "model.pt", "model.ckpt", "model.pkl", "model.msgpack", "modeling.py"]
)
def test_what_may_be_a_pickle_or_code_is_refused(tmp_path: Path, name: str):
    with pytest.raises(PermanentFailure, match=name) as caught:
        pretrained_folder({"config.json": tmp_path / "a", name: tmp_path / "b"})
    assert caught.value.code == "unsafe_weights"


@pytest.mark.parametrize(
    "parts",
    [
        {"unet": ["os", "system"]},
        {"unet": ["unet/my_code.py", "Net"]},
        {"a": ["diffusers", "A"], "b": [7, "B"]},
        [1],
        "x",
    ],
)
def test_an_index_that_names_foreign_code_is_refused(tmp_path: Path, parts: object):
    (tmp_path / "index").write_text(json.dumps(parts))
    with pytest.raises(PermanentFailure) as caught:
        pretrained_folder({"model_index.json": tmp_path / "index"})
    assert caught.value.code == "broken_weights"


def test_files_lie_under_their_names_and_parts_may_be_left_out(tmp_path: Path):
    index = {"_class_name": "X", "unet": ["diffusers", "U"], "safety_checker": [None, None], "is_distilled": True}
    (tmp_path / "stored").write_text(json.dumps(index))
    folder = pretrained_folder({"model_index.json": tmp_path / "stored", "unet/config.json": tmp_path / "stored"})
    assert json.loads((folder / "unet" / "config.json").read_text()) == index
