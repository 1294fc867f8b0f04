"""Uploads: a presigned form for one object, of a bounded size and with exactly the metadata asked for."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import BaseModel, ConfigDict, Field

from handlers import marks, recipes
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.aws import storage
from handlers.settings import settings
from schemas import keys
from schemas.errors import BadInput
from schemas.given import Rights
from schemas.pointers import Box, Point
from schemas.recipe import DeliveryFormat, Tier
from schemas.role import Role
from schemas.words import LARGEST_METADATA, PromptText, as_metadata, metadata_bytes

router = Router()  # type: ignore[no-untyped-call]
_SECONDS = 300


class UploadRequest(BaseModel):
    """What a client wants to upload. ``path`` comes out again in the delivered manifest's name."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(min_length=1, max_length=800, description="relative path, for example trip/photo.jpg")
    recipe: str | None = Field(default=None, description="`name` or `name@version`; else the deployment's default")
    scale: int | None = Field(default=None, ge=1, le=4, description="enlargement, 1 for none")
    box: Box | None = Field(default=None, description="around the object to remove")
    point: Point | None = Field(default=None, description="a click on the object to remove")
    format: DeliveryFormat | None = Field(default=None, description="type of the delivered files")
    rights: Rights | None = Field(default=None, description="what is stated about the picture")
    tier: Tier | None = Field(default=None, description="how much a result may cost")
    prompt: PromptText | None = Field(default=None, description="what a generated picture shows")
    negative_prompt: PromptText | None = Field(default=None, description="what it does not show")

    @property
    def metadata(self) -> dict[str, str]:
        """What travels with the object, as `handlers.launch` reads it."""
        wishes = {
            "scale": str(self.scale) if self.scale else None,
            "format": self.format,
            "box": self.box.text if self.box else None,
            "point": self.point.text if self.point else None,
            "rights": self.rights,
            "tier": self.tier,
            "prompt": as_metadata(self.prompt) if self.prompt else None,
            "negative-prompt": as_metadata(self.negative_prompt) if self.negative_prompt else None,
        }
        return {name: value for name, value in wishes.items() if value is not None}


@router.post("/")
@callers.needs(Role.SUBMITTER)
def create() -> dict[str, Any]:
    """Make the form. Upload a photo's mask (``photo.mask.png``) before the photo: then one run sees both."""
    asked = UploadRequest.model_validate_json(body_of(router.current_event))
    recipe = recipes.resolve(asked.recipe or settings().default_recipe)
    key = f"{asked.recipe or recipe.name}/{asked.path}"
    if not keys.is_safe_upload_key(key) or keys.is_ignored(key):
        raise BadInput("`path` must be a plain relative path such as trip/photo.jpg.", code="bad_path")
    metadata = asked.metadata
    if metadata_bytes(metadata) > LARGEST_METADATA:
        raise BadInput("The prompt is too long for S3, which keeps 2 KB with an object.", code="bad_prompt")
    marks.wanted_by(recipes.for_upload(key, metadata))  # refuse now what intake would have to quarantine later
    fields = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
    form = storage.presigned_post(
        settings().inbox_bucket, key, max_bytes=settings().max_bytes, fields=fields, seconds=_SECONDS
    )
    return {"bucket": settings().inbox_bucket, "key": key, "expires_in": _SECONDS, **form}
