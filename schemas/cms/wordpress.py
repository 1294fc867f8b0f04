"""WordPress: an attachment as its REST API shows it (``/wp/v2/media/<id>``), sent by the snippet in docs/cms.md."""

from pydantic import Field

from schemas.cms.picture import Event, Picture, is_image, name_in, read


class Attachment(Event):
    """A file of the media library."""

    id: int = Field(ge=0)
    source_url: str = Field(min_length=1, max_length=2000)
    mime_type: str | None = None


def pictures(body: bytes) -> list[Picture]:
    """Read an attachment; one that is no picture is none of ours."""
    attachment = read(Attachment, body)
    if not is_image(attachment.mime_type):
        return []
    path = f"{attachment.id}/{name_in(attachment.source_url)}"
    return [Picture(attachment.source_url, path, {"cms.id": str(attachment.id)})]
