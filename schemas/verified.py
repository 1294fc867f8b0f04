"""What was found out about a file's Content Credentials: documents, and the words in which they are told."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas.pointers import Box, Document


class Standing(StrEnum):
    """How a file stands. ``INTACT`` is also signed by somebody who is trusted."""

    INTACT = "intact"
    TAMPERED = "tampered"
    NOT_SIGNED = "not_signed"
    UNKNOWN_SIGNER = "unknown_signer"

    @property
    def exit_code(self) -> int:
        """What ``cleanplate verify`` ends with."""
        return list(Standing).index(self)


_SENTENCES = {
    Standing.INTACT: "Intact: this is what was signed, by somebody who is trusted.",
    Standing.TAMPERED: "Tampered with: this is not what was signed.",
    Standing.NOT_SIGNED: "Not signed: the file carries no Content Credentials.",
    Standing.UNKNOWN_SIGNER: "Intact, but signed by somebody who is not trusted here.",
}
_PROBLEMS = {
    "assertion.dataHash.mismatch": "The picture was changed after it was signed.",
    "assertion.bmffHash.mismatch": "The picture was changed after it was signed.",
    "assertion.boxesHash.mismatch": "The picture was changed after it was signed.",
    "assertion.hashedURI.mismatch": "What the credentials say was changed after they were signed.",
    "assertion.missing": "Something that the credentials say was taken out.",
    "claimSignature.mismatch": "The signature does not fit what was signed.",
    "claimSignature.missing": "The signature was taken out.",
    "claimSignature.outsideValidity": "The certificate was not valid when this was signed.",
    "ingredient.manifest.mismatch": "The history of what it was made from was changed.",
    "ingredient.hashedURI.mismatch": "The history of what it was made from was changed.",
    "signingCredential.untrusted": "Nobody here trusts the certificate that it was signed with.",
    "signingCredential.expired": "The certificate that it was signed with has expired.",
    "signingCredential.revoked": "The certificate that it was signed with was revoked.",
}
ABOUT_THE_SIGNER = ("signingCredential.", "claimSignature.outsideValidity")
"""Codes that begin so say nothing against the file itself."""


class Step(Document):
    """One thing that the credentials say was done."""

    action: str
    description: str = ""
    agent: str = Field(default="", description="name and version of what did it")
    when: str = ""
    source_type: str = Field(default="", description="last word of the IPTC Digital Source Type")
    regions: list[Box] = Field(default=[], description="pixels of the picture")
    parameters: dict[str, Any] = {}


class Signature(Document):
    """Who signed, as the certificate says."""

    name: str = ""
    organisation: str = ""
    algorithm: str = ""
    time: str = Field(default="", description="by a time stamp authority; empty where none was asked")


class Origin(Document):
    """What a picture was made from. ``problems`` is what was wrong with it when it was taken in."""

    title: str = ""
    media_type: str = ""
    relationship: str = ""
    description: str = ""
    problems: list[str] = []
    history: "Manifest | None" = None


class Manifest(Document):
    """What one signature stands for."""

    title: str = ""
    generator: str = ""
    signature: Signature = Signature()
    steps: list[Step] = []
    origins: list[Origin] = []
    facts: dict[str, Any] = Field(default={}, description="where Cleanplate signed: asset, run and recipe")


class Verification(Document):
    """What was found out about one file."""

    standing: Standing
    problems: list[str] = Field(default=[], description="sentences")
    codes: list[str] = Field(default=[], description="the specification's own words for the problems")
    manifest: Manifest | None = None

    @property
    def sentence(self) -> str:
        """How the file stands, for people."""
        return _SENTENCES[self.standing]

    @property
    def uses_generative_models(self) -> bool:
        """Whether the credentials say that a generative model made or changed something, now or before."""
        return self.manifest is not None and _is_generative(self.manifest)


def sentence_for(code: str) -> str:
    """Put a validation code of the specification into words."""
    return _PROBLEMS.get(code, f"The credentials do not hold: {code}.")


def told(found: Verification) -> list[str]:
    """Tell the trail line by line, the latest signature first."""
    lines = [found.sentence, *(f"  {problem}" for problem in found.problems if problem not in found.sentence)]
    if found.manifest is not None:
        lines += _lines(found.manifest, "")
    return lines


def _lines(manifest: Manifest, indent: str) -> list[str]:
    name, organisation = manifest.signature.name or "somebody without a name", manifest.signature.organisation
    signer = f"{name} ({organisation})" if organisation else name
    at = f", {manifest.signature.time}" if manifest.signature.time else ""
    lines = [f'{indent}"{manifest.title}", written by {manifest.generator or "unknown"}, signed by {signer}{at}']
    for step in manifest.steps:
        lines += [f"{indent}  {line}" for line in _step_lines(step)]
    for origin in manifest.origins:
        kind = {"parentOf": "Made from", "inputTo": "Follows"}.get(origin.relationship, "With")
        known = "which has a history of its own:" if origin.history else "which carried no credentials."
        lines.append(f'{indent}  {kind} "{origin.title}" ({origin.media_type or "unknown type"}), {known}')
        lines += [f"{indent}    {origin.description}"] if origin.description else []
        lines += [f"{indent}    It was not intact when it was taken in. {problem}" for problem in origin.problems]
        if origin.history:
            lines += _lines(origin.history, indent + "    ")
    return lines


def _step_lines(step: Step) -> list[str]:
    by = f" [{step.agent}{', ' + step.when if step.when else ''}]" if step.agent or step.when else ""
    kind = f" ({step.source_type})" if step.source_type else ""
    said = f": {step.description}" if step.description else ""
    lines = [f"{step.action}{kind}{said}{by}"]
    shown = [f"{box.x},{box.y} {box.width}x{box.height}" for box in step.regions[:5]]
    if shown:
        more = f" and {len(step.regions) - 5} more" if len(step.regions) > 5 else ""
        lines.append(f"  areas: {'; '.join(shown)}{more}")
    return lines


def _is_generative(manifest: Manifest) -> bool:
    said = {step.source_type for step in manifest.steps}
    here = bool(said & {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"})
    return here or any(_is_generative(origin.history) for origin in manifest.origins if origin.history)
