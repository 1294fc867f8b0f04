"""Measured facts about an output. They are facts, not judgements: the policy judges."""

from pydantic import Field

from schemas.pointers import Document


class Signals(Document):
    """What ``assess`` measured. ``None`` means that it could not be measured here, which is not the same as good.

    Ratios are 1.0 when the edit cannot be told from its surroundings.
    """

    changed_outside_mask: int = Field(ge=0, description="pixels changed where nothing may change; must be 0")
    mask_share: float = Field(ge=0, le=1, description="share of the picture inside the composite mask")
    widest_hole: float = Field(default=0.0, ge=0, description="diameter of the largest inscribed disc, pixels")
    seam_ratio: float | None = Field(
        default=None, description="gradient across the border / gradient of the ring outside"
    )
    ring_colour_delta: float | None = Field(
        default=None, description="CIE76 delta E of low frequencies, fill against ring"
    )
    noise_ratio: float | None = Field(default=None, description="high-frequency deviation, fill / ring")
    sharpness_ratio: float | None = Field(default=None, description="gradient energy, fill / ring")
    hole_pixels: int | None = Field(default=None, ge=0, description="pixels that were replaced")
    smooth_delta: float | None = Field(
        default=None, ge=0, description="CIE76 delta E of slow colours, fill against a smooth surface through the ring"
    )
    border_structure: float | None = Field(
        default=None, ge=0, description="how far structure on both sides of the border is apart, levels a pixel"
    )
    border_break: float | None = Field(
        default=None, ge=0, le=1.01, description="the same as a share: 0 goes on, 1 ends at the border"
    )
    slope_delta: float | None = Field(
        default=None, ge=0, description="how far the strength of slopes departs from what is around, log of the ratio"
    )
    slope_spread: float | None = Field(
        default=None, ge=0, description="how much the strength of slopes varies in the ring, log of the ratio"
    )
    texture_distance: float | None = Field(
        default=None, ge=0, description="distance of texture statistics, fill against ring; 0 is the same texture"
    )
    self_similarity: float | None = Field(
        default=None, ge=0, le=1, description="how well places of the fill are found again in its surroundings"
    )
    repetition: float | None = Field(
        default=None, ge=0, le=1, description="share of the fill's distinct places that stand elsewhere as they are"
    )
    residue: float | None = Field(
        default=None, description="how much the outline of a mark that was computed away stands out, log of a ratio"
    )
    detector_score: float | None = Field(
        default=None, ge=0, le=1, description="lowest score of what was removed, where a detector found it"
    )
    consistency: float | None = Field(default=None, description="enlarged and reduced again against native: PSNR in dB")
    prompt_agreement: float | None = Field(
        default=None, ge=0, le=1, description="how well a picture shows what its prompt asks for"
    )
