"""Pointers to bytes in S3. The chain passes these, never pixels."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Document(BaseModel):
    """Base of all documents: immutable, and closed, so that a misspelt field is an error and not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class S3Pointer(Document):
    """One version of one object."""

    bucket: str = Field(min_length=3, max_length=63)
    key: str = Field(min_length=1, max_length=1024)
    version_id: str | None = None
    sha256: Sha256 | None = None

    @property
    def uri(self) -> str:
        """``s3://bucket/key``, the form SageMaker takes."""
        return f"s3://{self.bucket}/{self.key}"

    def same_version(self, other: "S3Pointer") -> bool:
        """Whether both are the same version of the same object, whatever else is known of it."""
        return (self.bucket, self.key, self.version_id) == (other.bucket, other.key, other.version_id)

    @classmethod
    def from_uri(cls, uri: str) -> Self:
        """Parse ``s3://bucket/key``.

        Raises
        ------
        ValueError
            If it is not such an address.
        """
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket or not key:
            raise ValueError(f"not an S3 address: {uri!r}")
        return cls(bucket=bucket, key=key)


_FARTHEST = 1_000_000
"""Pixels. No picture is that large, and a number of 40 digits is more than DynamoDB can hold."""


class Box(Document):
    """Axis-aligned rectangle in pixels of the oriented picture: left, top, width, height."""

    x: int = Field(ge=0, le=_FARTHEST)
    y: int = Field(ge=0, le=_FARTHEST)
    width: int = Field(gt=0, le=_FARTHEST)
    height: int = Field(gt=0, le=_FARTHEST)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``x,y,width,height`` as people write it in object metadata and on the command line.

        Raises
        ------
        ValueError
            If there are not four integers, or they make no rectangle.
        """
        parts = [int(part) for part in text.split(",")]
        if len(parts) != 4:
            raise ValueError(f"a box is x,y,width,height; got {text!r}")
        return cls(x=parts[0], y=parts[1], width=parts[2], height=parts[3])

    @property
    def text(self) -> str:
        """``x,y,width,height``, which ``parse`` reads back."""
        return f"{self.x},{self.y},{self.width},{self.height}"

    def widened(self, margin: int, height: int, width: int) -> "Box":
        """Add ``margin`` pixels all around, as far as a picture of this height and width reaches."""
        left, top = max(0, self.x - margin), max(0, self.y - margin)
        right, bottom = min(width, self.x + self.width + margin), min(height, self.y + self.height + margin)
        return Box(x=left, y=top, width=right - left, height=bottom - top)


class Point(Document):
    """One pixel of the oriented picture: a click."""

    x: int = Field(ge=0, le=_FARTHEST)
    y: int = Field(ge=0, le=_FARTHEST)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``x,y`` as people write it in object metadata and on the command line.

        Raises
        ------
        ValueError
            If there are not two integers from 0 on.
        """
        parts = [int(part) for part in text.split(",")]
        if len(parts) != 2:
            raise ValueError(f"a point is x,y; got {text!r}")
        return cls(x=parts[0], y=parts[1])

    @property
    def text(self) -> str:
        """``x,y``, which ``parse`` reads back."""
        return f"{self.x},{self.y}"
