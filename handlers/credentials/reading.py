"""Read what a file says about itself, and find out whether it holds. The file comes from anywhere."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas.credentials import NAMESPACE
from schemas.errors import BadInput
from schemas.pointers import Box
from schemas.verified import (
    ABOUT_THE_SIGNER,
    Manifest,
    Origin,
    Signature,
    Standing,
    Step,
    Verification,
    sentence_for,
)

_DEEPEST = 12
"""Generations of history that are told."""
_MOST_STEPS, _MOST_REGIONS, _MOST_ORIGINS, _LONGEST = 200, 200, 50, 1000
_OURS = f"{NAMESPACE}."

Json = Mapping[str, Any]


def verify(path: Path, anchors: str = "") -> Verification:
    """Find out how a file stands.

    Nothing is asked from outside: neither credentials that lie elsewhere nor lists of revoked certificates are fetched.

    Parameters
    ----------
    anchors
        Certificates in PEM that are trusted, and whoever they vouch for. Without any nobody is.

    Raises
    ------
    BadInput
        ``unknown_type`` if it is no kind of file that could carry credentials.
    """
    from c2pa import C2paError, Context, Reader, Settings

    try:
        with path.open("rb") as file, Reader(None, file, context=Context(Settings.from_dict(_settings(anchors)))) as it:
            return _found(it)
    except C2paError.ManifestNotFound:
        return Verification(standing=Standing.NOT_SIGNED)
    except C2paError.NotSupported:
        message = "The file is of no kind that can carry Content Credentials (JPEG, PNG, WebP, AVIF, TIFF, GIF ...)."
        raise BadInput(message, code="unknown_type") from None
    except C2paError as error:  # there is something, and it cannot be made out: that does not happen by itself
        return Verification(standing=Standing.TAMPERED, problems=[f"The credentials are damaged: {_plain(str(error))}"])


def _settings(anchors: str) -> dict[str, Any]:
    return {
        "version": 1,
        "core": {"allowed_network_hosts": []},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        **({"trust": {"trust_anchors": anchors}} if anchors else {}),
    }


def _found(reader: Any) -> Verification:
    store = _mapping(json.loads(reader.json()))
    codes = _failures(store.get("validation_results"))
    return Verification(
        standing=_standing(str(reader.get_validation_state()), codes),
        problems=list(dict.fromkeys(map(sentence_for, codes))),
        codes=codes,
        manifest=_manifest(_mapping(store.get("manifests")), store.get("active_manifest"), _DEEPEST),
    )


def _standing(state: str, codes: list[str]) -> Standing:
    if state == "Trusted":
        return Standing.INTACT
    against_the_file = [code for code in codes if not code.startswith(ABOUT_THE_SIGNER)]
    return Standing.TAMPERED if against_the_file or (state == "Invalid" and not codes) else Standing.UNKNOWN_SIGNER


def _failures(results: Any) -> list[str]:
    """Codes of all that failed, in the file itself and since then in what it was made from."""
    parts = [_mapping(results).get("activeManifest")]
    parts += [each.get("validationDeltas") for each in _each(_mapping(results).get("ingredientDeltas"))]
    failed = [failure.get("code") for part in parts for failure in _each(_mapping(part).get("failure"))]
    return list(dict.fromkeys(map(_plain, failed)))


def _manifest(manifests: Json, label: Any, deepest: int) -> Manifest | None:
    found = _mapping(manifests.get(label)) if isinstance(label, str) else {}
    if not found or deepest <= 0:
        return None
    signed, generators = _mapping(found.get("signature_info")), _each(found.get("claim_generator_info"))
    return Manifest(
        title=_plain(found.get("title")),
        generator=_named(generators[0]) if generators else _plain(found.get("claim_generator")),
        signature=Signature(
            name=_plain(signed.get("common_name")),
            organisation=_plain(signed.get("issuer")),
            algorithm=_plain(signed.get("alg")),
            time=_plain(signed.get("time")),
        ),
        steps=[_step(action) for action in _actions(found)][:_MOST_STEPS],
        origins=[_origin(each, manifests, deepest) for each in _each(found.get("ingredients"))[:_MOST_ORIGINS]],
        facts=_facts(found),
    )


def _actions(manifest: Json) -> Iterator[Json]:
    for assertion in _each(manifest.get("assertions")):
        if str(assertion.get("label")).startswith("c2pa.actions"):
            yield from _each(_mapping(assertion.get("data")).get("actions"))


def _facts(manifest: Json) -> dict[str, Any]:
    said = [each for each in _each(manifest.get("assertions")) if each.get("label") == f"{_OURS}record"]
    return {_plain(name): _plain(value) for each in said[:1] for name, value in _mapping(each.get("data")).items()}


def _step(action: Json) -> Step:
    parameters = _mapping(action.get("parameters"))
    regions = [box for change in _each(action.get("changes")) for box in _boxes(change)]
    return Step(
        action=_plain(action.get("action")),
        description=_plain(action.get("description") or parameters.get("description")),
        agent=_named(action.get("softwareAgent")),
        when=_plain(action.get("when")),
        source_type=_plain(action.get("digitalSourceType")).rpartition("/")[2],
        regions=regions[:_MOST_REGIONS],
        parameters={name.removeprefix(_OURS): value for name, value in parameters.items() if name.startswith(_OURS)},
    )


def _boxes(change: Json) -> Iterator[Box]:
    """Rectangles in pixels; other shapes have their words alone."""
    for part in _each(change.get("region")):
        shape = _mapping(part.get("shape"))
        if shape.get("type") != "rectangle" or shape.get("unit") != "pixel":
            continue
        origin = _mapping(shape.get("origin"))
        numbers = (origin.get("x"), origin.get("y"), shape.get("width"), shape.get("height"))
        try:
            x, y, width, height = (int(number or 0) for number in numbers)
            yield Box(x=x, y=y, width=width, height=height)
        except (ValidationError, ValueError, OverflowError, TypeError):
            continue


def _origin(ingredient: Json, manifests: Json, deepest: int) -> Origin:
    failed = _failures(ingredient.get("validation_results"))
    return Origin(
        title=_plain(ingredient.get("title")),
        media_type=_plain(ingredient.get("format")),
        relationship=_plain(ingredient.get("relationship")),
        description=_plain(ingredient.get("description")),
        problems=[sentence_for(code) for code in failed if not code.startswith(ABOUT_THE_SIGNER)],
        history=_manifest(manifests, ingredient.get("active_manifest"), deepest - 1),
    )


def _mapping(thing: Any) -> Json:
    """Take what is shaped otherwise than it should be for nothing: it was made to be stumbled over."""
    return thing if isinstance(thing, Mapping) else {}


def _each(thing: Any) -> list[Json]:
    return [each for each in thing if isinstance(each, Mapping)] if isinstance(thing, list) else []


def _named(agent: Any) -> str:
    if isinstance(agent, Mapping):
        return " ".join(filter(None, (_plain(agent.get("name")), _plain(agent.get("version")))))
    return _plain(agent)


def _plain(text: Any) -> str:
    """Text of a stranger, for terminals and pages: printable, and not without end."""
    return "".join(char if char.isprintable() else " " for char in str(text or "")[:_LONGEST]).strip()
