"""Taking a picture in: a presigned form or link for one object, bounded in size and with exactly its job."""

from http import HTTPStatus
from typing import Any, Literal

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, model_validator

from handlers import jobs, marks, recipes
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.once import name_of_request, once
from handlers.aws import uploading
from handlers.settings import settings
from schemas import keys
from schemas.asset import MediaType
from schemas.errors import BadInput
from schemas.job import Job
from schemas.role import Role
from schemas.words import LARGEST_METADATA, metadata_bytes

router = Router()  # type: ignore[no-untyped-call]
_SECONDS = 300


class AssetRequest(Job):
    """What a client wants to bring, and what is to be done with it. The manifest's name ends in ``path``."""

    path: str = Field(min_length=1, max_length=800, description="relative path, for example trip/photo.jpg")
    method: Literal["post", "put"] = Field(
        default="post", description="how it will be uploaded: a form, or a plain PUT"
    )
    size_bytes: int | None = Field(default=None, ge=1, description="exactly so many; needed for `put`")
    content_type: MediaType | None = Field(default=None, description="exactly this type; needed for `put`")

    source_url: str | None = Field(
        default=None,
        min_length=1,
        max_length=2000,
        description="https address to fetch it from; then nothing is uploaded",
    )

    @model_validator(mode="after")
    def _is_bound(self) -> "AssetRequest":
        if self.method == "put" and (self.size_bytes is None or self.content_type is None):
            raise ValueError("a link for PUT is signed for one size and one type: give `size_bytes` and `content_type`")
        return self

    @property
    def job(self) -> Job:
        """The part of it that is to be done."""
        return Job.model_validate(self.stated)


@router.post("/")
@callers.needs(Role.SUBMITTER)
@once(seconds=_SECONDS)  # as long as what it answers is good for
def create() -> dict[str, Any] | tuple[dict[str, Any], int]:
    """Make the form or link, or have the picture at an address fetched.

    Upload a photo's mask (`photo.mask.png`) before the photo: then one run sees both.
    """
    asked = AssetRequest.model_validate_json(body_of(router.current_event))
    if (asked.size_bytes or 0) > settings().max_bytes:
        message = f"The file has {asked.size_bytes:,} bytes; this deployment takes {settings().max_bytes:,}."
        raise BadInput(message, code="too_many_bytes")
    key = key_for(asked)
    marks.wanted_by(recipes.for_job(asked))  # refuse now what intake would have to quarantine later
    jobs.check_callback(asked)
    if asked.source_url is not None:
        return _fetched(key, asked.source_url, asked.job), HTTPStatus.ACCEPTED
    signed = _link(key, asked) if asked.method == "put" else _form(key, asked)
    place = {"bucket": settings().inbox_bucket, "key": key, "expires_in": _SECONDS}
    return {**place, "method": asked.method, **signed}


def key_for(asked: AssetRequest) -> str:
    """Say where in the inbox a picture will lie: below its recipe's name.

    Raises
    ------
    BadInput
        ``bad_path``, ``job_too_long``, ``unknown_recipe``.
    """
    recipe = recipes.resolve(asked.recipe or settings().default_recipe)
    key = f"{asked.recipe or recipe.name}/{asked.path}"
    if not keys.is_safe_upload_key(key) or keys.is_ignored(key):
        raise BadInput("`path` must be a plain relative path such as trip/photo.jpg.", code="bad_path")
    if metadata_bytes(asked.metadata) > LARGEST_METADATA:
        raise BadInput("The job is too long for S3, which keeps 2 KB with an object.", code="job_too_long")
    return key


def _fetched(key: str, url: str, job: Job) -> dict[str, Any]:
    from handlers import fetching  # few pictures come that way, and what it takes to ask others is not small
    from handlers.api.fetches import shown

    return shown(fetching.order(url, key, job, idempotency=name_of_request()))


def _form(key: str, asked: AssetRequest) -> dict[str, Any]:
    fields = {f"x-amz-meta-{name}": value for name, value in asked.metadata.items()}
    if asked.content_type is not None:
        fields["Content-Type"] = asked.content_type.value
    sizes = (asked.size_bytes, asked.size_bytes) if asked.size_bytes else (1, settings().max_bytes)
    return uploading.presigned_post(settings().inbox_bucket, key, sizes=sizes, fields=fields, seconds=_SECONDS)


def _link(key: str, asked: AssetRequest) -> dict[str, Any]:
    headers = {
        "Content-Type": str(asked.content_type),
        "Content-Length": str(asked.size_bytes),
        **{f"x-amz-meta-{name}": value for name, value in asked.metadata.items()},
    }
    url = uploading.presigned_put(
        settings().inbox_bucket,
        key,
        size_bytes=asked.size_bytes or 0,
        content_type=str(asked.content_type),
        metadata=asked.metadata,
        seconds=_SECONDS,
    )
    return {"url": url, "headers": headers}
