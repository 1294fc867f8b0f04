"""What everybody who listens is told when an asset comes to an outcome: a CloudEvents 1.0 document."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.asset import Status
from schemas.cost import Cost
from schemas.ids import digest
from schemas.keys import manifest_key
from schemas.records import AssetRecord, Moment, timestamp
from schemas.rendition import Rendition

SCHEMA = "urn:cleanplate:schema:asset-outcome:v1"
"""Name of the events' JSON Schema. A change that listeners could stumble over gets another number, and so do types."""
DETAIL_TYPES = {status: f"Asset {status.replace('_', ' ').title()}" for status in Status if status.is_outcome}
"""EventBridge's ``detail-type`` of each outcome: ``Asset Delivered``, ``Asset Awaiting Review`` ..."""
TYPES = {status: f"cleanplate.asset.{status.lower()}.v1" for status in DETAIL_TYPES}
"""CloudEvents' ``type`` of each outcome."""


class _Open(BaseModel):
    """Events may gain fields: an older listener reads what a newer deployment says."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OutcomeData(_Open):
    """What became of an asset."""

    asset_id: str = Field(description="one version of one uploaded picture")
    run_id: str = Field(description="the run that came to it; empty where none was started")
    attempt: int = Field(description="of the run, from 1; 0 where none was started")
    status: Status
    code: str = Field(description="short stable word for why, for programs")
    reason: str = Field(description="one sentence for people")
    rule: str | None = Field(default=None, description="the policy's rule that decided, where one did")
    recipe: str = Field(description="`name@version`; empty where none could be told")
    bucket: str = Field(description="where the original lies")
    key: str = Field(description="of the original, folders included")
    version_id: str | None = Field(default=None, description="of the original")
    confidence: float | None = Field(default=None, description="that a careful person would accept the result")
    cost: Cost | None = Field(default=None, description="what the models took")
    manifest: str | None = Field(default=None, description="key of the manifest in the delivery bucket, if delivered")
    renditions: list[Rendition] = Field(default=[], description="the delivered files, in the delivery bucket")
    tags: dict[str, str] = Field(default={}, description="what whoever brought the picture calls it")
    batch: str | None = Field(default=None, description="the batch that it belongs to")
    callback: str | None = Field(default=None, description="address that is told of this asset; on the bus alone")


class OutcomeEvent(_Open):
    """An asset came to an outcome. The same change always has the same ``id``, however often it is told."""

    specversion: Literal["1.0"] = Field(default="1.0", description="of CloudEvents")
    id: str = Field(pattern=r"^o-[0-9a-f]{40}$", description="the same for every copy of one event")
    source: str = Field(description="which deployment tells it: `/cleanplate/STACK`")
    type: str = Field(description="`cleanplate.asset.delivered.v1` and so on")
    subject: str = Field(description="the asset's id")
    time: Moment = Field(description="when it came to this outcome")
    datacontenttype: Literal["application/json"] = Field(default="application/json", description="always JSON")
    dataschema: str = Field(default=SCHEMA, description="name of the JSON Schema that the event keeps to")
    data: OutcomeData

    @classmethod
    def of(cls, asset: AssetRecord, stack: str) -> "OutcomeEvent":
        """Tell how an asset stands, which has come to an outcome.

        Raises
        ------
        KeyError
            If it has come to none.
        """
        moment = timestamp(asset.updated_at)
        return cls(
            id="o-" + digest("outcome", asset.asset_id, asset.run_id, asset.status, moment)[:40],
            source=f"/cleanplate/{stack}",
            type=TYPES[asset.status],
            subject=asset.asset_id,
            time=asset.updated_at,
            data=_data(asset),
        )


class OutcomeHeard(_Open):
    """The event as EventBridge hands it on; fields of the envelope that AWS adds are ignored."""

    source: Literal["cleanplate"]
    detail_type: Annotated[str, Field(alias="detail-type")]
    detail: OutcomeEvent


def json_schema() -> dict[str, Any]:
    """Write the events' JSON Schema. It is open: fields may be added."""
    written = OutcomeEvent.model_json_schema()
    for part in (written, *written["$defs"].values()):
        part.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **written}


def _data(asset: AssetRecord) -> OutcomeData:
    outcome = asset.outcome
    delivered = asset.status is Status.DELIVERED
    return OutcomeData(
        asset_id=asset.asset_id,
        run_id=asset.run_id,
        attempt=asset.attempt,
        status=asset.status,
        code=outcome.code if outcome else asset.status.lower(),
        reason=outcome.reason if outcome else "",
        rule=outcome.rule if outcome else None,
        recipe=asset.recipe,
        bucket=asset.source.bucket,
        key=asset.source.key,
        version_id=asset.source.version_id,
        confidence=outcome.confidence if outcome else None,
        cost=outcome.cost if outcome else None,
        manifest=manifest_key(asset.source.key) if delivered else None,
        renditions=outcome.renditions if outcome else [],
        tags=asset.tags,
        batch=asset.batch,
        callback=asset.callback,
    )
