"""An edit layer survives the way through a file, and nothing else is taken for one."""

import io
import json
import zipfile

import numpy as np
import pytest

from inference.compositing.edits import EditLayer, Patch
from inference.compositing.edits_file import pack, unpack
from schemas.errors import BadInput
from schemas.pointers import Box
from tests.unit.inference.files import file_of, photograph


def layer() -> EditLayer:
    patches = []
    for seed, box in enumerate([Box(x=3, y=5, width=40, height=30), Box(x=20, y=20, width=25, height=35)]):
        rng = np.random.default_rng(seed)
        size = (box.height, box.width)
        patches.append(
            Patch.of(box, photograph()[: size[0], : size[1]], rng.random(size), rng.random(size) > 0.5, "mean")
        )
    return EditLayer(128, 96, patches)


def rewritten(**changes: bytes) -> bytes:
    """The zip again with entries replaced, added (or removed, by empty bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack(layer()))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = changes.pop(name, old.read(name))
            if data:
                new.writestr(name, data)
        for name, data in changes.items():
            new.writestr(name, data)
    return out.getvalue()


def index(**changes: object) -> bytes:
    with zipfile.ZipFile(io.BytesIO(pack(layer()))) as archive:
        return json.dumps({**json.loads(archive.read("edits.json")), **changes}).encode()


def test_what_is_packed_comes_back() -> None:
    before, after = layer(), unpack(pack(layer()))
    assert (after.width, after.height) == (128, 96)
    for one, two in zip(before.patches, after.patches, strict=True):
        assert (one.box, one.model) == (two.box, two.model)
        for name in ("fill", "alpha", "hole"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_the_same_layer_gives_the_same_bytes() -> None:
    assert pack(layer()) == pack(layer())


def test_nothing_of_the_model_s_leftovers_is_stored_where_alpha_is_zero() -> None:
    patch = Patch.of(
        Box(x=0, y=0, width=9, height=9), np.full((9, 9, 3), 7, np.uint8), np.zeros((9, 9)), np.ones((9, 9), bool), "m"
    )
    assert not patch.fill.any()


def deflated() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("edits.json", b" " * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        pack(layer())[:-30],
        deflated(),
        rewritten(**{"../../evil.png": b"x"}),
        rewritten(**{"000-fill.png": b""}),
        rewritten(**{"000-fill.png": b"not a png"}),
        rewritten(**{"000-alpha.png": file_of(photograph())}),
        rewritten(**{"000-hole.png": file_of(photograph(height=9, width=9))}),
        rewritten(**{"edits.json": b"{}"}),
        rewritten(**{"edits.json": index(version=2)}),
        rewritten(**{"edits.json": index(surprise=1)}),
        rewritten(**{"edits.json": index(width=30)}),
        rewritten(**{"edits.json": index(width=10**9)}),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        unpack(data)
    assert caught.value.code == "edits"
