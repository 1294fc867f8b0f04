"""What a recipe delivers: the picture itself, files for pages, a file for a print shop."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from schemas.pointers import Document

DeliveryFormat = Literal["source", "png", "jpeg"]


WebFormat = Literal["avif", "webp", "jpeg"]
MetadataPolicy = Literal["keep", "strip-gps", "rights"]
MOST_WIDTHS = 8


class WebStep(Document):
    """Files for pages: each width in each format, as small as the wanted likeness lets them be, in sRGB.

    Nothing is enlarged: widths above what there is become one file of the width that there is.
    """

    widths: list[Annotated[int, Field(ge=16, le=16_384)]] = Field(
        min_length=1, max_length=MOST_WIDTHS, description="pixels"
    )
    formats: list[WebFormat] = Field(default=["avif", "webp", "jpeg"], min_length=1, max_length=3)
    ssim: float = Field(default=0.98, ge=0.8, le=0.999, description="least likeness to the picture that was encoded")


class PrintStep(Document):
    """A file for a print shop: a size on paper at a resolution, never more pixels than there are.

    ``icc``: the picture's own profile, or a conversion with relative colorimetric intent. ``depth: keep`` leaves 16
    bits where the picture has them and the format takes them.
    """

    format: Literal["tiff", "png", "jpeg"] = "tiff"
    width_mm: float | None = Field(default=None, gt=0, le=10_000, allow_inf_nan=False)
    height_mm: float | None = Field(default=None, gt=0, le=10_000, allow_inf_nan=False)
    dpi: float = Field(default=300.0, ge=36, le=2400, description="pixels an inch")
    least_dpi: float | None = Field(default=None, ge=36, le=2400, description="below it nothing is delivered")
    icc: Literal["keep", "srgb", "display-p3"] = "keep"
    depth: Literal["keep", 8] = "keep"

    @model_validator(mode="after")
    def _one_side(self) -> "PrintStep":
        if (self.width_mm is None) == (self.height_mm is None):
            raise ValueError("give `width_mm` or `height_mm`; the other side follows from the picture")
        if self.least_dpi is not None and self.least_dpi > self.dpi:
            raise ValueError("`least_dpi` is above `dpi`: nothing could be delivered")
        return self


class DeliverStep(Document):
    """The files that are delivered. ``source`` keeps the type of the upload where that type can be written.

    ``metadata``: all that the upload tells, all but where it was taken, or only who made it and who may use it.
    ``web`` and ``print`` are delivered beside the picture itself.
    """

    format: DeliveryFormat = "source"
    metadata: MetadataPolicy = Field(default="keep", description="what EXIF, IPTC and XMP of the upload travel on")
    web: WebStep | None = None
    print: PrintStep | None = None
    prompts: bool = Field(default=False, description="tell in delivered files what a model was asked to show")

    @model_validator(mode="before")
    @classmethod
    def _reads_older_documents(cls, given: Any) -> Any:
        """Until there was a policy, ``keep_metadata`` said yes or no."""
        if not isinstance(given, dict) or "keep_metadata" not in given:
            return given
        keep = given["keep_metadata"]
        if "metadata" in given or not isinstance(keep, bool):
            raise ValueError("`keep_metadata` is true or false, and `metadata` has taken its place: give that alone")
        rest = {name: value for name, value in given.items() if name != "keep_metadata"}
        return {**rest, "metadata": "keep" if keep else "rights"}

    @property
    def as_hashed(self) -> dict[str, Any]:
        """The step as it is hashed: as it always was, where nothing is used that came later.

        Published recipes are found by their hash, and runs name them by it.
        """
        later = self.metadata == "strip-gps"
        policy = {"metadata": self.metadata} if later else {"keep_metadata": self.metadata == "keep"}
        files = self.model_dump(mode="json", include={"web", "print"}, exclude_none=True)
        words = {"prompts": True} if self.prompts else {}
        return {"format": self.format, **policy, **files, **words}
