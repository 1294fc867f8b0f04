"""Uploads: a presigned form for one object, of a bounded size and with exactly the metadata asked for."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from handlers import marks, recipes
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.aws import storage
from handlers.settings import settings
from schemas import keys
from schemas.errors import BadInput
from schemas.job import Job
from schemas.role import Role
from schemas.words import LARGEST_METADATA, metadata_bytes

router = Router()  # type: ignore[no-untyped-call]
_SECONDS = 300


class UploadRequest(Job):
    """What a client wants to upload, and what is to be done with it. The manifest's name ends in ``path``."""

    path: str = Field(min_length=1, max_length=800, description="relative path, for example trip/photo.jpg")


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
        raise BadInput("The job is too long for S3, which keeps 2 KB with an object.", code="job_too_long")
    marks.wanted_by(recipes.for_job(asked))  # refuse now what intake would have to quarantine later
    fields = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
    form = storage.presigned_post(
        settings().inbox_bucket, key, max_bytes=settings().max_bytes, fields=fields, seconds=_SECONDS
    )
    return {"bucket": settings().inbox_bucket, "key": key, "expires_in": _SECONDS, **form}
