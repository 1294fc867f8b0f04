"""Two records of stages laid side by side: what came out otherwise, and what was otherwise about how it was made."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from schemas.ids import canonical_json
from schemas.pointers import Document, S3Pointer
from schemas.records import StageFacts
from schemas.stage import ModelUse, Stage

Flat = Mapping[str, Any]
_MADE = ("detections", "findings", "areas", "signals", "confidence")
"""Facts that a stage found out, beside the files that it made. All were written down by older deployments as well."""
DECIDING = (Stage.JUDGE, Stage.ROUTE)
"""Stages whose parameters are what they decided."""
_LONGEST = 200
UNSIGNED = "unsigned_sha256"
"""Hashes of rendered files as they were before they were signed: a signature has a time in it."""


class Change(Document):
    """One fact that is otherwise; ``None`` where it is not there at all."""

    what: str = Field(description="`outputs.mask`, `model.version`, `weights.net.onnx`, `parameters.seed` ...")
    before: str | None = Field(default=None, description="as JSON, shortened")
    after: str | None = Field(default=None, description="as JSON, shortened")


def made(facts: StageFacts) -> dict[str, Any]:
    """Give what came out of a stage, by name: hashes of its files, and what it measured, found or decided."""
    files = facts.parameters.get(UNSIGNED) or {name: _content(pointer) for name, pointer in facts.outputs.items()}
    found = facts.model_dump(mode="json", exclude_none=True, include=set(_MADE))
    decided = {"parameters": facts.parameters} if facts.stage in DECIDING else {}
    return flat({"outputs": files, **found, **decided})


def made_by(facts: StageFacts) -> dict[str, Any]:
    """Give all that is recorded of how a stage came to what it made: inputs, model, versions, device, parameters."""
    files = {name: _content(pointer) for name, pointer in facts.inputs.items()}
    own = {} if facts.stage in DECIDING else {name: v for name, v in facts.parameters.items() if name != UNSIGNED}
    ours = facts.model_dump(mode="json", exclude_none=True, include={"libraries", "device"})
    used = {**_used(facts.model), **({"scored_by": _used(facts.scored_by)} if facts.scored_by else {})}
    return flat({"inputs": files, "parameters": own, **ours, **used})


def changes(before: Flat, after: Flat) -> list[Change]:
    """List what is otherwise, in the order of the names."""
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return [Change(what=name, before=_text(before.get(name)), after=_text(after.get(name))) for name in names]


def paired(before: Sequence[StageFacts], after: Sequence[StageFacts]) -> list[tuple[StageFacts | None, ...]]:
    """Put the stages of two runs side by side: the first fill beside the first fill, the second beside the second.

    Stages of the first run come in its order, then those that only the second has.
    """
    first, second = _numbered(before), _numbered(after)
    both: list[tuple[StageFacts | None, ...]] = [(facts, second.get(place)) for place, facts in first.items()]
    return both + [(None, facts) for place, facts in second.items() if place not in first]


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Name every leaf of a document by its path: ``parameters.seed``, ``detections.0.label``."""
    if isinstance(value, Mapping):
        steps = [(str(key), part) for key, part in value.items()]
    elif isinstance(value, list):
        steps = [(str(number), part) for number, part in enumerate(value)]
    else:
        return {name: value}
    found: dict[str, Any] = {}
    for step, part in steps:
        found |= flat(part, f"{name}.{step}" if name else step)
    return found


def _numbered(stages: Sequence[StageFacts]) -> dict[tuple[Stage, int], StageFacts]:
    found: dict[tuple[Stage, int], StageFacts] = {}
    for facts in stages:
        number = sum(1 for stage, _ in found if stage is facts.stage) + 1
        found[facts.stage, number] = facts
    return found


def _used(model: ModelUse | None) -> dict[str, Any]:
    if model is None:
        return {}
    weights = {weights.file: weights.sha256 for weights in model.weights}
    named = {"name": model.name, "version": model.version}
    return {"model": named, "weights": weights, "libraries": model.libraries, "device": model.device}


def _content(pointer: S3Pointer) -> str:
    """Name a file by its bytes; one of which they are not recorded, by its place and version."""
    return pointer.sha256 or " ".join(filter(None, (pointer.uri, pointer.version_id)))


def _text(value: Any) -> str | None:
    return None if value is None else canonical_json(value)[:_LONGEST]
