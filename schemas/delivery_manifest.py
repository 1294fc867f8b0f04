"""The manifest: the small document that says which files of an asset are current, ready for a page.

It lies at ``assets/<asset>/manifest.json`` and, the same document, at ``manifests/<key of the upload>.json``. Files
never change; these two do.
"""

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.keys import origin_of
from schemas.picture_sources import PictureFallback, PictureSource, address, fallback_of, sources_of
from schemas.pointers import Sha256
from schemas.records import Moment
from schemas.rendition import Rendition
from schemas.run import Run

SCHEMA = "urn:cleanplate:schema:delivery-manifest:v2"
"""Name of the manifests' JSON Schema. A change that readers could stumble over gets another number."""
_OPEN = ConfigDict(frozen=True, extra="ignore")


class ManifestSource(BaseModel):
    """The upload that the files were made from."""

    model_config = _OPEN

    key: str = Field(description="in the inbox, folders included")
    version_id: str | None = Field(default=None, description="of that key")


class ManifestOrigin(BaseModel):
    """Where the upload was copied from, if it came from an attached bucket."""

    model_config = _OPEN

    bucket: str = Field(description="the attached bucket")
    key: str = Field(description="in that bucket")


class ManifestFile(Rendition):
    """One delivered file."""

    model_config = _OPEN

    url: str = Field(description="path of the file below the CDN's address")


class ManifestWithdrawal(BaseModel):
    """That the files were taken back. None is named any more."""

    model_config = _OPEN

    at: Moment = Field(description="UTC")
    reason: str = Field(description="why, in one word")


class DeliveryManifest(BaseModel):
    """Which files of an asset are current. Every file that it names is there."""

    model_config = _OPEN

    version: Literal[2] = Field(default=2, description="of this document's form")
    asset_id: str = Field(description="one version of one uploaded picture")
    run_id: str = Field(description="the run that made the files")
    source: ManifestSource
    origin: ManifestOrigin | None = Field(default=None, description="of copies from attached buckets alone")
    recipe: str = Field(description="`name@version`")
    recipe_sha256: Sha256 = Field(description="hash of the recipe as the run used it")
    delivered_at: Moment = Field(description="UTC")
    base: str = Field(default="", description="address of the CDN; empty where addresses begin at the server's root")
    renditions: list[ManifestFile] = Field(description="all files, those for print too")
    sources: list[PictureSource] = Field(default=[], description="`<source>` elements in their order")
    fallback: PictureFallback | None = Field(default=None, description="the `<img>`, if browsers show any of the files")
    replaces: str | None = Field(default=None, description="the asset that the same key named before")
    replaced_by: str | None = Field(default=None, description="the asset of a newer upload that took its place")
    withdrawn: ManifestWithdrawal | None = Field(default=None, description="that the files were taken back")

    @classmethod
    def of(
        cls, run: Run, renditions: Sequence[Rendition], moment: Moment, *, base: str = "", replaces: str | None = None
    ) -> Self:
        """Say what a run delivered.

        Parameters
        ----------
        moment
            When, UTC.
        base
            Address of the CDN, without a slash at its end.
        replaces
            The asset that the manifest of the same key named before.
        """
        origin = origin_of(run.source.key)
        return cls(
            asset_id=run.asset_id,
            run_id=run.run_id,
            source=ManifestSource(key=run.source.key, version_id=run.source.version_id),
            origin=ManifestOrigin(bucket=origin[0], key=origin[1]) if origin else None,
            recipe=run.recipe.reference,
            recipe_sha256=run.recipe.sha256,
            delivered_at=moment,
            renditions=[ManifestFile(**each.model_dump(), url=address("", each.key)) for each in renditions],
            replaces=replaces,
        ).at(base)

    @classmethod
    def read(cls, document: Any) -> Self | None:
        """Read a manifest, one of version 1 too; ``None`` if it is none."""
        try:
            if document["version"] == 1:
                files = [{**each, "url": address("", each["key"])} for each in document["renditions"]]
                document = {**document, "version": 2, "renditions": files}
            return cls.model_validate(document)
        except (ValidationError, KeyError, TypeError, AttributeError):
            return None

    def at(self, base: str, query: str = "") -> Self:
        """Give the same files under another address: of another CDN, or with a signature behind each."""
        return self.model_copy(
            update={
                "base": base,
                "sources": sources_of(self.renditions, base, query),
                "fallback": fallback_of(self.renditions, base, query),
            }
        )

    @property
    def written(self) -> dict[str, Any]:
        """The document as it is written down; what there is nothing to say about is left out."""
        return self.model_dump(mode="json", exclude_none=True)


def json_schema() -> dict[str, Any]:
    """Write the manifests' JSON Schema. It is open: fields may be added."""
    written = DeliveryManifest.model_json_schema()
    for part in (written, *written["$defs"].values()):
        part.pop("additionalProperties", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **written}
