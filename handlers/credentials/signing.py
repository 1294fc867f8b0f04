"""Sign a file's claim into it. This is the last thing that happens to a file: whatever changes it later breaks it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from handlers.credentials.signer import Signer
from schemas.credentials import Claim, can_carry
from schemas.errors import CleanplateError, PermanentFailure, TransientFailure

_CREATED = ["c2pa.actions", "c2pa.ingredient"]
"""Assertions that this program vouches for itself, not ones that it merely gathered."""

_BROKEN = "It carried Content Credentials that could not be read."
_NETWORK = "http resolver"
"""In the library's words for a request that failed; the authority is the only one that is asked anything."""


def sign(
    source: Path, target: Path, media_type: str, claim: Claim, signer: Signer, *, parent: Path | None = None
) -> None:
    """Write a copy of ``source`` that carries ``claim``, signed, to ``target``.

    Credentials that ``parent`` came with are taken along, with what was found out about them: a picture that was
    tampered with before it came here says so for ever.

    Parameters
    ----------
    media_type
        Of the file, one that :func:`schemas.credentials.can_carry`.
    parent
        The upload, where the claim names one. Credentials of it that cannot be made out are left behind, and that they
        were there is said.

    Raises
    ------
    PermanentFailure
        ``cannot_carry``, or ``signing_failed`` if the file, the certificates and the key do not go together.
    TransientFailure
        ``time_stamp`` if the time stamp authority does not answer: nothing is delivered unstamped instead.
    CleanplateError
        What the key's keeper says.
    """
    if not can_carry(media_type):
        raise PermanentFailure(f"A file of type {media_type} cannot carry Content Credentials.", code="cannot_carry")
    from c2pa import C2paError

    failed: list[CleanplateError] = []
    remembering = _remembering(signer, failed)
    try:
        try:
            _write(source, target, media_type, claim, remembering, parent)
        except C2paError as error:
            if failed or parent is None or _NETWORK in str(error):
                raise
            # What the upload says about itself is broken; whoever sent it must not stop the work with that.
            _write(source, target, media_type, claim, remembering, None, _BROKEN)
    except C2paError as error:
        target.unlink(missing_ok=True)
        raise _ours(error, failed, signer) from error


def _ours(error: Exception, failed: list[CleanplateError], signer: Signer) -> CleanplateError:
    if failed:  # the library only knows that the callback failed
        return failed[0]
    if signer.time_stamps and _NETWORK in str(error):
        return TransientFailure("The time stamp authority could not be reached.", code="time_stamp")
    return PermanentFailure(f"The file could not be signed: {_sentence(error)}.", code="signing_failed")


def _write(
    source: Path,
    target: Path,
    media_type: str,
    claim: Claim,
    signer: Signer,
    parent: Path | None,
    told: str = "",
) -> None:
    from c2pa import Builder, C2paBuilderIntent, C2paDigitalSourceType, C2paSigningAlg, Context, Settings
    from c2pa import Signer as NativeSigner

    context = Context(Settings.from_dict(_settings(signer)))
    builder = Builder(_definition(claim, media_type, named=parent is None, told=told), context)
    if claim.creates:
        builder.set_intent(C2paBuilderIntent.CREATE, C2paDigitalSourceType.TRAINED_ALGORITHMIC_MEDIA)
    else:
        builder.set_intent(C2paBuilderIntent.EDIT)
    if claim.parent is not None and parent is not None:
        ingredient = {"title": claim.parent.title, "relationship": claim.parent.relationship}
        with parent.open("rb") as file:
            builder.add_ingredient(ingredient, claim.parent.media_type, file)
    native = NativeSigner.from_callback(signer.sign, C2paSigningAlg.ES256, signer.chain, signer.time_stamps or None)
    with native, source.open("rb") as unsigned, target.open("w+b") as signed:
        builder.sign(native, media_type, unsigned, signed)


def _definition(claim: Claim, media_type: str, *, named: bool, told: str) -> dict[str, Any]:
    """Write the definition; a parent whose file is not read stands in it by its name, with what is told of it."""
    definition = claim.definition(media_type)
    if claim.parent is None or not named:
        return definition
    facts = {"title": claim.parent.title, "format": claim.parent.media_type, "relationship": claim.parent.relationship}
    return {**definition, "ingredients": [{**facts, **({"description": told} if told else {})}]}


def _settings(signer: Signer) -> dict[str, Any]:
    """Nothing from outside is asked but the time stamp authority. No thumbnails: they would be half of a small file."""
    authority = urlsplit(signer.time_stamps).hostname
    return {
        "version": 1,
        "core": {"allowed_network_hosts": [authority] if authority else []},
        "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}, "created_assertion_labels": _CREATED},
    }


def _remembering(signer: Signer, failed: list[CleanplateError]) -> Signer:
    """Keep our own errors: the library turns whatever its callback raises into a word of its own."""

    def sign(message: bytes) -> bytes:
        try:
            return signer.sign(message)
        except CleanplateError as error:
            failed.append(error)
            raise

    return Signer(signer.chain, sign, signer.time_stamps)


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
