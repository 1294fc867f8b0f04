"""The provenance of a run as one document: what was ordered, each stage that led to the result, and who decided."""

from typing import Any

from pydantic import ConfigDict, Field

from schemas.descent import Part
from schemas.pointers import Document, S3Pointer, Sha256
from schemas.records import Moment, Outcome, StageFacts, StageRecord
from schemas.run import Run
from schemas.stage import Stage
from schemas.trail import TrailEntry
from schemas.verdict import Verdict

SCHEMA = "urn:cleanplate:schema:run-provenance:v1"
"""Name of the document's JSON Schema. A change that readers could stumble over gets another number."""
_OPEN = ConfigDict(frozen=True, extra="ignore")
_FILLS = (Stage.INPAINT, Stage.REFINE)
_DECISIONS = (Stage.JUDGE, Stage.ROUTE, Stage.DELIVER)


class TracedStage(StageFacts):
    """One stage, what it had to do with the result, and what its record does not say.

    It may belong to an earlier run, whose work this one kept: ``run_id`` says which.
    """

    model_config = _OPEN

    part: Part
    wall_seconds: float = Field(ge=0, description="seconds from asking to answering, queues and transfers included")
    lacks: list[str] = Field(default=[], description="fields that an older deployment did not write down")


class RunProvenance(Document):
    """All that is written down of one run. What an older deployment did not write down is said, and not made up."""

    model_config = _OPEN

    dataschema: str = Field(default=SCHEMA, description="name of the JSON Schema that the document keeps to")
    asset_id: str
    run_id: str
    order: Run = Field(description="what was ordered, resolved: recipe, prompt, seed, mask and marks by version")
    recipe_sha256: Sha256
    started_at: Moment
    ended_at: Moment | None = None
    outcome: Outcome | None = Field(default=None, description="with the files that were delivered")
    current: bool = Field(description="whether it is the run that the asset stands by")
    source: S3Pointer = Field(description="the upload, with its content where it was inspected")
    mask: S3Pointer | None = Field(default=None, description="the mask that is kept, to the version")
    edited_share: float | None = Field(default=None, ge=0, le=1, description="of the picture, by what made the result")
    stages: list[TracedStage] = Field(description="those that led here, in the order of their start")
    deeds: list[TrailEntry] = Field(description="what people and the clock did with its reviews, the oldest first")
    verdicts: list[Verdict] = Field(description="what people said of it, and of the runs that it follows from")


def lacking(record: StageRecord) -> list[str]:
    """Name the fields that a stage has and its record has not, because an older deployment wrote it."""
    wanted: dict[str, bool] = {
        "libraries": record.model is None and not record.libraries,
        "device": record.model is None and record.device is None,
        "cost": record.model is not None and record.cost is None,
        "mask": record.stage in (Stage.MASK, Stage.INPAINT) and record.mask is None,
        "edited_share": record.stage in _FILLS and record.edited_share is None,
        "decision": record.stage in _DECISIONS and record.decision is None,
        "rule": record.stage in (Stage.JUDGE, Stage.ROUTE) and record.rule is None,
    }
    return [name for name, is_missing in wanted.items() if is_missing]


def json_schema() -> dict[str, Any]:
    """Write the document's JSON Schema. It is open: fields may be added."""
    written = RunProvenance.model_json_schema()
    for part in (written, *written["$defs"].values()):
        part.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **written}
