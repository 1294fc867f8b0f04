"""A delivered file says what was done to it, and any later change of it is seen."""

import io
import json
from pathlib import Path

import c2pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from handlers.credentials.reading import verify
from handlers.credentials.signer import Signer
from handlers.credentials.signing import sign
from schemas.claims import Output, claim_of
from schemas.errors import BadInput, PermanentFailure, TransientFailure
from schemas.making import Made
from schemas.stage import Stage
from schemas.verified import Standing, Verification, told
from tests import documents
from tests.unit.handlers.credentials.conftest import HOLE, KINDS, NOW, Signed, certificate, claim
from tests.unit.handlers.pictures import COLOUR, encoded


@pytest.mark.parametrize("media_type", KINDS)
def test_an_independent_reader_trusts_what_was_signed(signed: Signed, media_type: str) -> None:
    path, (_, anchor) = signed(media_type), certificate()
    trust = c2pa.Context(c2pa.Settings.from_dict({"version": 1, "trust": {"trust_anchors": anchor}}))
    with path.open("rb") as file, c2pa.Reader(media_type, file, context=trust) as reader:
        assert reader.get_validation_state() == "Trusted"
        actions = reader.get_active_manifest()["assertions"][0]["data"]["actions"]
    assert [action["action"] for action in actions] == ["c2pa.opened", "c2pa.edited", "c2pa.edited"] + (
        ["c2pa.published"] if media_type == "image/jpeg" else ["c2pa.transcoded", "c2pa.published"]
    )


@pytest.mark.parametrize("media_type", KINDS)
def test_signing_changes_no_pixel(signed: Signed, media_type: str) -> None:
    path = signed(media_type)
    before = Image.open(io.BytesIO(encoded(COLOUR, KINDS[media_type])))
    assert Image.open(io.BytesIO(path.read_bytes())).convert("RGB").tobytes() == before.convert("RGB").tobytes()


def test_the_trail_says_where_by_what_and_when(signed: Signed) -> None:
    found = verify(signed(), certificate()[1])
    assert found.standing is Standing.INTACT
    assert found.manifest is not None
    filled = found.manifest.steps[1]
    assert (filled.agent, filled.when, filled.regions) == ("inpaint-model 1", "2026-11-30T03:00:00Z", [HOLE])
    assert found.manifest.signature.name == "Cleanplate development certificate, trusted by nobody"
    assert [origin.title for origin in found.manifest.origins] == ["photo.jpg"]


def test_generative_work_is_said_and_classical_work_is_not_called_generative(signed: Signed) -> None:
    assert verify(signed(generative=True)).uses_generative_models
    assert not verify(signed(generative=False)).uses_generative_models


def test_a_picture_that_came_with_credentials_keeps_its_history(signed: Signed) -> None:
    first = signed("image/png", generative=True)
    second = verify(signed(parent=first), certificate()[1])
    assert second.standing is Standing.INTACT
    assert second.manifest is not None
    (origin,) = second.manifest.origins
    assert origin.history is not None
    assert [step.action for step in origin.history.steps][:2] == ["c2pa.opened", "c2pa.edited"]
    assert second.uses_generative_models, "what was generated once stays said"


def test_a_picture_that_was_tampered_with_before_it_came_says_so_for_ever(signed: Signed) -> None:
    first = signed("image/png")
    tampered = bytearray(first.read_bytes())
    tampered[-30] ^= 1
    first.write_bytes(tampered)
    found = verify(signed(parent=first), certificate()[1])
    assert found.standing is Standing.INTACT, "what was delivered is what was signed"
    assert found.manifest is not None
    assert found.manifest.origins[0].problems == ["The picture was changed after it was signed."]


def test_an_upload_whose_credentials_are_broken_is_delivered_all_the_same(signed: Signed, tmp_path: Path) -> None:
    """Anybody may send such a file; it must not stop the work."""
    upload = signed("image/png")
    whole = upload.read_bytes()
    begins = whole.index(b"jumb")
    source, target = tmp_path / "source.jpg", tmp_path / "target.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    stated, (us, anchor) = claim(came_as="image/png"), certificate()

    @given(changes=st.dictionaries(st.integers(begins, begins + 5000), st.integers(0, 255), min_size=1, max_size=20))
    @settings(max_examples=60, deadline=None)
    def broken(changes: dict[int, int]) -> None:
        data = bytearray(whole)
        for place, value in changes.items():
            data[place] = value
        upload.write_bytes(data)
        sign(source, target, "image/jpeg", stated, us, parent=upload)
        found = verify(target, anchor)
        assert found.standing is Standing.INTACT
        assert found.manifest is not None
        assert [origin.title for origin in found.manifest.origins] == ["photo.jpg"]

    broken()


@pytest.mark.parametrize("from_sketch", [True, False])
def test_a_scene_is_created_and_follows_its_sketch_where_there_is_one(tmp_path: Path, from_sketch: bool) -> None:
    step = documents.WORDED.generate
    assert step is not None
    recipe = documents.WORDED.model_copy(update={"generate": step.model_copy(update={"from_sketch": from_sketch})})
    state = documents.state(documents.run(recipe), Stage.PREVIEW, Stage.GENERATE)
    made = {Stage.GENERATE: Made(documents.result(Stage.GENERATE).model, {"seed": 7}, [], 160, 120, NOW)}
    stated = claim_of(state, made, Output("native", "image/png", 160, 120), moment=NOW)
    source, target, sketch = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "sketch.jpg"
    source.write_bytes(encoded(COLOUR, "PNG"))
    sketch.write_bytes(encoded(COLOUR, "JPEG"))
    sign(source, target, "image/png", stated, certificate()[0], parent=sketch)
    found = verify(target, certificate()[1])
    assert found.standing is Standing.INTACT
    assert found.manifest is not None
    assert [step.action for step in found.manifest.steps] == ["c2pa.created", "c2pa.published"]
    assert found.manifest.steps[0].source_type == "trainedAlgorithmicMedia"
    assert found.manifest.steps[0].parameters["seed"] == 7
    assert [origin.relationship for origin in found.manifest.origins] == (["inputTo"] if from_sketch else [])


def test_that_credentials_were_there_and_are_broken_is_told(signed: Signed, tmp_path: Path) -> None:
    upload = signed("image/png")
    upload.write_bytes(upload.read_bytes().replace(b"c2pa.claim", b"c2pa.cl\xffim"))
    source, target = tmp_path / "source.jpg", tmp_path / "target.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    sign(source, target, "image/jpeg", claim(came_as="image/png"), certificate()[0], parent=upload)
    assert "    It carried Content Credentials that could not be read." in told(verify(target, certificate()[1]))


def test_a_changed_claim_is_told(signed: Signed) -> None:
    path = signed()
    path.write_bytes(path.read_bytes().replace(b"no person looked", b"a person  looked"))
    found = verify(path, certificate()[1])
    assert (found.standing, found.codes) == (Standing.TAMPERED, ["assertion.hashedURI.mismatch"])
    assert "What the credentials say was changed after they were signed." in found.problems


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
def test_no_changed_byte_passes(signed: Signed, media_type: str) -> None:
    """But those that say nothing: a claim is padded, its padding is signed by nobody, and nor is a chunk's checksum."""
    path, anchor = signed(media_type), certificate()[1]
    whole, pixels, trail = path.read_bytes(), _pixels(path), verify(path, anchor)

    @given(place=st.integers(0, len(whole) - 1), bit=st.integers(0, 7))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def changed(place: int, bit: int) -> None:
        tampered = bytearray(whole)
        tampered[place] ^= 1 << bit
        path.write_bytes(tampered)
        found = _standing(path)
        if found is not None and found.standing is Standing.INTACT:
            assert found == trail
            assert _pixels(path) in (pixels, None)

    changed()


def _pixels(path: Path) -> bytes | None:
    try:
        return Image.open(io.BytesIO(path.read_bytes())).tobytes()
    except OSError:
        return None


def _standing(path: Path) -> Verification | None:
    """Verify; ``None`` for what is no picture any more."""
    try:
        return verify(path, certificate()[1])
    except BadInput:
        return None


def test_what_was_encoded_anew_is_no_longer_signed(signed: Signed, tmp_path: Path) -> None:
    again = tmp_path / "again.jpg"
    Image.open(io.BytesIO(signed().read_bytes())).save(again, quality=95)
    assert verify(again, certificate()[1]).standing is Standing.NOT_SIGNED


def test_credentials_of_another_picture_do_not_fit(signed: Signed) -> None:
    """The manifest is moved onto other pixels of the same size."""
    path = signed("image/png")
    ours = path.read_bytes()
    start = ours.index(b"caBX") - 4
    length = int.from_bytes(ours[start : start + 4]) + 12
    other = encoded(COLOUR.rotate(180), "PNG")
    header = other.index(b"IHDR") - 4 + 25
    path.write_bytes(other[:header] + ours[start : start + length] + other[header:])
    found = verify(path, certificate()[1])
    assert (found.standing, found.problems) == (
        Standing.TAMPERED,
        ["The picture was changed after it was signed."],
    )


def test_somebody_unknown_is_told_from_somebody_who_tampered(signed: Signed) -> None:
    found = verify(signed())
    assert (found.standing, found.codes) == (Standing.UNKNOWN_SIGNER, ["signingCredential.untrusted"])


def test_what_cannot_carry_credentials_is_not_signed(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match="cannot carry"):
        sign(tmp_path / "a", tmp_path / "b", "image/bmp", claim(), certificate()[0])


def test_a_key_that_is_not_the_certificates_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "b.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    certificate.cache_clear()
    other = certificate()[0]
    certificate.cache_clear()
    mixed = Signer(certificate()[0].chain, other.sign)
    with pytest.raises(PermanentFailure, match="could not be signed"):
        sign(source, target, "image/jpeg", claim(), mixed, parent=source)
    assert not target.exists()


def test_a_keeper_who_is_busy_is_asked_again(tmp_path: Path) -> None:
    def busy(message: bytes) -> bytes:
        raise TransientFailure("AWS could not finish signing.", code="aws_unavailable")

    source = tmp_path / "a.jpg"
    source.write_bytes(encoded(COLOUR, "JPEG"))
    with pytest.raises(TransientFailure, match="could not finish"):
        sign(source, tmp_path / "b.jpg", "image/jpeg", claim(), Signer(certificate()[0].chain, busy), parent=source)


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xd8\xff\xe0"])
def test_what_is_no_picture_is_told_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = _standing(path)
    assert found is None or found.standing is Standing.NOT_SIGNED


def test_the_claim_is_small(signed: Signed) -> None:
    """Bytes that a file grows by; nothing of it is a thumbnail."""
    grown = signed().stat().st_size - len(encoded(COLOUR, "JPEG"))
    assert grown < 20_000
    assert json.dumps(claim().definition("image/jpeg")).count("thumbnail") == 0
