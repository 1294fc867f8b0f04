"""A development certificate, and files signed with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from handlers.credentials.signer import Signer, _as_pair, _with_private_key
from handlers.credentials.signing import sign
from infra.local.credentials import made
from schemas.claims import Output, claim_of
from schemas.credentials import Claim
from schemas.making import Made
from schemas.pointers import Box
from schemas.stage import EditedArea, Stage
from tests import documents
from tests.unit.handlers.pictures import COLOUR, encoded

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/avif": "AVIF", "image/tiff": "TIFF"}
KINDS["image/gif"] = "GIF"
HOLE = Box(x=10, y=20, width=30, height=40)


@cache
def certificate() -> tuple[Signer, str]:
    """Make a signer, and the anchor that trusts it."""
    chain, key, anchor = made(datetime.now(UTC))
    by = _with_private_key(key)
    return Signer(chain, lambda message: _as_pair(by(message))), anchor


def claim(*, generative: bool = False, media_type: str = "image/jpeg", came_as: str = "image/jpeg") -> Claim:
    """Claim an ordinary repair of a picture of 160 x 120 pixels."""
    area = EditedArea(box=HOLE, crop=HOLE, hole_pixels=1200, model="inpaint-model", generative=generative)
    answers = {
        stage: Made(documents.result(stage).model, {}, [area], COLOUR.width, COLOUR.height, NOW)
        for stage in (Stage.INPAINT, Stage.REFINE)
    }
    state = documents.state(documents.run(), Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
    state = state.model_copy(update={"inspection": documents.inspection(media_type=came_as)})
    return claim_of(state, answers, Output("native", media_type, COLOUR.width, COLOUR.height), moment=NOW)


Signed = Callable[..., Path]


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    """Sign a small picture of some type, made of an upload that carries nothing unless one is given."""

    def make(media_type: str = "image/jpeg", *, parent: Path | None = None, generative: bool = False) -> Path:
        kind = KINDS[media_type]
        source, target = tmp_path / f"unsigned.{kind}", tmp_path / f"signed-{len(list(tmp_path.iterdir()))}.{kind}"
        source.write_bytes(encoded(COLOUR, kind))
        upload = parent or tmp_path / "upload.jpg"
        if parent is None:
            upload.write_bytes(encoded(COLOUR, "JPEG"))
        came_as = "image/jpeg" if parent is None else "image/png"
        stated = claim(generative=generative, media_type=media_type, came_as=came_as)
        sign(source, target, media_type, stated, certificate()[0], parent=upload)
        return target

    return make
