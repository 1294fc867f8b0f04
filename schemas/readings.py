"""Measured signals as sentences, for somebody who looks at a picture and not at numbers.

The borders between words are those at which the difference begins to be seen side by side at 100 %; they are words
for the eye and decide nothing: the recipe's policy does.
"""

from typing import NamedTuple

from schemas.signals import Signals


class Reading(NamedTuple):
    """One signal in words. ``level`` is ``good``, ``fair`` or ``poor``."""

    name: str
    value: str
    words: str
    level: str


def readings(signals: Signals) -> list[Reading]:
    """Put what was measured into words; what could not be measured is left out."""
    if signals.prompt_agreement is not None:  # a picture made out of words has no mask, and nothing outside of it
        return [_agreement(signals.prompt_agreement)]
    found = [_outside(signals.changed_outside_mask), _share(signals)]
    if signals.seam_ratio is not None:
        found.append(_ratio("Edge", signals.seam_ratio, "softer than around it", "stands out from around it"))
    if signals.ring_colour_delta is not None:
        found.append(_colour(signals.ring_colour_delta))
    if signals.noise_ratio is not None:
        found.append(_ratio("Grain", signals.noise_ratio, "smoother than around it", "grainier than around it"))
    if signals.sharpness_ratio is not None:
        found.append(_ratio("Sharpness", signals.sharpness_ratio, "softer than around it", "busier than around it"))
    if signals.consistency is not None:
        found.append(_consistency(signals.consistency))
    return found


def _outside(pixels: int) -> Reading:
    if pixels == 0:
        return Reading("Outside the mask", "0 px", "every pixel is identical", "good")
    return Reading("Outside the mask", f"{pixels:,} px", "pixels changed where nothing may change", "poor")


def _share(signals: Signals) -> Reading:
    share, widest = signals.mask_share, signals.widest_hole
    size = f"up to {widest:.0f} px across" if widest else "of the picture"
    level = "good" if share < 0.1 else "fair" if share < 0.35 else "poor"
    return Reading("Edited area", f"{share:.1%}", size, level)


def _ratio(name: str, ratio: float, below: str, above: str) -> Reading:
    """1.0 means that the edit cannot be told from its surroundings."""
    distance = max(ratio, 1 / ratio) if ratio > 0 else float("inf")
    level = "good" if distance < 1.3 else "fair" if distance < 2 else "poor"
    words = "as around it" if level == "good" else below if ratio < 1 else above
    return Reading(name, f"{ratio:.2f}", words, level)


def _colour(delta: float) -> Reading:
    """CIE76: about 2.3 is a just noticeable difference (Mahy et al., 1994)."""
    if delta < 2.3:
        return Reading("Colour", f"ΔE {delta:.1f}", "no difference to be seen", "good")
    if delta < 6:
        return Reading("Colour", f"ΔE {delta:.1f}", "a slight difference", "fair")
    return Reading("Colour", f"ΔE {delta:.1f}", "a visible difference", "poor")


def _consistency(decibels: float) -> Reading:
    """PSNR of the enlargement, reduced again."""
    level = "good" if decibels >= 35 else "fair" if decibels >= 28 else "poor"
    words = {"good": "faithful to the native picture", "fair": "mostly faithful", "poor": "departs from it"}
    return Reading("Enlargement", f"{decibels:.1f} dB", words[level], level)


def _agreement(share: float) -> Reading:
    """0.5 lies halfway between pictures of something else and pictures of what was asked for."""
    level = "good" if share >= 0.7 else "fair" if share >= 0.4 else "poor"
    words = {
        "good": "shows what was asked for",
        "fair": "shows some of what was asked for",
        "poor": "shows something else",
    }
    return Reading("Prompt", f"{share:.0%}", words[level], level)
