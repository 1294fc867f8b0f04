"""The assessor that needs no model."""

import cv2
import numpy as np

from inference.assessment.confidence import confidence_native, confidence_upscaled, slope_around
from inference.assessment.native import (
    changed_outside,
    luminance,
    noise_ratio,
    ring_colour_delta,
    seam_ratio,
    sharpness_ratio,
)
from inference.assessment.window import window
from inference.inpainting.holes import widths
from inference.protocols import Alpha, Assessment, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.signals import Signals

IDENTICAL = 99.0
"""Decibels reported where two pictures do not differ at all."""


class ClassicalAssessor:
    """Measures signals with image statistics. Takes no parameters. Its confidence ranks, but is not calibrated."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def assess_native(
        self, source: Rgb, result: Rgb, hole: Mask, alpha: Alpha, *, measured: Mask, parameters: Parameters
    ) -> Assessment:
        """Judge an edit; see :class:`inference.protocols.Assessor`. An empty hole is judged as unchanged.

        The widest hole is the widest that was invented: nothing had to be guessed where a mark was computed away.
        """
        changed, share = changed_outside(source, result, alpha), float((alpha > 0).mean())
        if not hole.any() or hole.all():
            confidence = None if hole.any() else 1.0
            return Assessment(Signals(changed_outside_mask=changed, mask_share=share), confidence)
        width = widths(hole)
        near = window(hole, width)
        crop, inside = result[near], hole[near]
        luma = luminance(crop)
        signals = Signals(
            changed_outside_mask=changed,
            mask_share=share,
            widest_hole=float(width[~measured].max(initial=0)),
            seam_ratio=seam_ratio(luma, inside),
            ring_colour_delta=ring_colour_delta(crop, inside),
            noise_ratio=noise_ratio(luma, inside),
            sharpness_ratio=sharpness_ratio(luma, inside),
        )
        return Assessment(signals, confidence_native(signals, slope_around(luma, inside)))

    def assess_upscaled(self, native: Rgb, enlarged: Rgb, *, parameters: Parameters) -> Assessment:
        """Judge an enlargement; see :class:`inference.protocols.Assessor`."""
        height, width = native.shape[:2]
        reduced = cv2.resize(enlarged, (width, height), interpolation=cv2.INTER_AREA)
        error = float(np.square(reduced.astype(np.float32) - native).mean())
        decibels = min(10 * np.log10(255**2 / error), IDENTICAL) if error > 0 else IDENTICAL
        signals = Signals(changed_outside_mask=0, mask_share=0, consistency=float(decibels))
        return Assessment(signals, confidence_upscaled(decibels))
