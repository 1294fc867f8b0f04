"""The assessor that needs no model."""

import cv2
import numpy as np

from inference.assessment.border import border_structure
from inference.assessment.calibration import fitted
from inference.assessment.confidence import confidence_native, confidence_upscaled
from inference.assessment.enlarged import enlarged_edit
from inference.assessment.native import (
    changed_outside,
    luminance,
    noise_ratio,
    ring_colour_delta,
    seam_ratio,
    sharpness_ratio,
)
from inference.assessment.repetition import repetition
from inference.assessment.residue import residue
from inference.assessment.slopes import slope_signals
from inference.assessment.smooth import smooth_delta
from inference.assessment.texture import self_similarity, strengths, texture_distance
from inference.assessment.window import window
from inference.inpainting.holes import widths
from inference.protocols import Alpha, Assessment, FilledBy, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.signals import Signals

IDENTICAL = 99.0
"""Decibels reported where two pictures do not differ at all."""


class ClassicalAssessor:
    """Measures signals with image statistics. Takes no parameters. Its confidence is fitted: ``calibration.yaml``."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def assess_native(
        self, source: Rgb, result: Rgb, hole: Mask, alpha: Alpha, *, fill: FilledBy, parameters: Parameters
    ) -> Assessment:
        """Judge an edit; see :class:`inference.protocols.Assessor`. An empty hole is judged as unchanged.

        The widest hole is the widest that was invented: nothing had to be guessed where a mark was computed away.
        """
        changed, share = changed_outside(source, result, alpha), float((alpha > 0).mean())
        if not hole.any():
            return Assessment(Signals(changed_outside_mask=changed, mask_share=share), 1.0)
        if hole.all():
            signals = Signals(changed_outside_mask=changed, mask_share=share)
            return Assessment(signals, None, "There is nothing around the hole that it could be compared with.")
        signals = _measured(source, result, hole, fill).model_copy(
            update={"changed_outside_mask": changed, "mask_share": share}
        )
        confidence = confidence_native(signals, fill.model, measured=fill.all_measured, calibration=fitted())
        return Assessment(signals, confidence.value, confidence.unknown_because)

    def assess_upscaled(self, native: Rgb, enlarged: Rgb, *, hole: Mask | None, parameters: Parameters) -> Assessment:
        """Judge an enlargement; see :class:`inference.protocols.Assessor`."""
        height, width = native.shape[:2]
        reduced = cv2.resize(enlarged, (width, height), interpolation=cv2.INTER_AREA)
        error = float(np.square(reduced.astype(np.float32) - native).mean())
        decibels = min(10 * np.log10(255**2 / error), IDENTICAL) if error > 0 else IDENTICAL
        shows = {} if hole is None else enlarged_edit(enlarged, hole)
        facts = {"changed_outside_mask": 0, "mask_share": 0, "consistency": float(decibels)}
        signals = Signals.model_validate(facts | shows)
        return Assessment(signals, confidence_upscaled(decibels))


def _measured(source: Rgb, result: Rgb, hole: Mask, fill: FilledBy) -> Signals:
    """Measure all signals of a hole in the window around its widest part."""
    width = widths(hole)
    near = window(hole, width)
    crop, inside = np.ascontiguousarray(result[near]), hole[near]
    luma = luminance(crop)
    structure, slopes = border_structure(luma, inside), slope_signals(luma, inside)
    texture = strengths(luma)
    return Signals(
        changed_outside_mask=0,
        mask_share=0,
        widest_hole=float(width[~fill.measured].max(initial=0)),
        hole_pixels=int(np.count_nonzero(inside)),
        seam_ratio=seam_ratio(luma, inside),
        ring_colour_delta=ring_colour_delta(crop, inside),
        noise_ratio=noise_ratio(luma, inside),
        sharpness_ratio=sharpness_ratio(luma, inside),
        smooth_delta=smooth_delta(crop, inside),
        border_structure=structure[0] if structure else None,
        border_break=structure[1] if structure else None,
        slope_delta=slopes[0] if slopes else None,
        slope_spread=slopes[1] if slopes else None,
        texture_distance=texture_distance(texture, inside),
        self_similarity=self_similarity(texture, inside),
        repetition=repetition(luma, inside),
        residue=residue(luminance(np.ascontiguousarray(source[near])), luma, inside) if fill.all_measured else None,
    )
