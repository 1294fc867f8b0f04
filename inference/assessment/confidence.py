"""From signals to the share of careful people who would accept: fitted numbers, and no claim beyond them."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from inference.assessment.calibration import ENOUGH, Calibration, Family
from schemas.signals import Signals


class Confidence(NamedTuple):
    """A probability 0..1; or ``None``, and why there is none, in words."""

    value: float | None
    unknown_because: str | None = None


_SMALL = 200
"""Pixels of a hole that has too few places of its own to be compared: it is taken to be like its surroundings."""

_NAMES: dict[str, tuple[str, str, Callable[[float], float]]] = {
    "width": ("hole", "pixels wide", math.exp),
    "slopes": ("strength of slopes in the fill", "times off", math.exp),
    "likeness": ("fill", "like its surroundings", lambda value: 1.001 - math.exp(-value)),
    "texture": ("texture of the fill", "away from its surroundings'", lambda value: math.exp(value) - 0.005),
    "structure": ("structure at the border", "levels a pixel apart", lambda value: math.exp(value) - 0.3),
    "broken": ("structure at the border", "broken", float),
    "residue": ("outline of the mark", "times as steep as what is beside it", math.exp),
}


def features_of(signals: Signals) -> dict[str, float]:
    """Bring signals to scales on which they add up. A signal that could not be measured is left out."""
    small = signals.hole_pixels is not None and signals.hole_pixels < _SMALL
    likeness = _or(signals.self_similarity, small, 1.0)
    found = {
        "width": math.log(max(signals.widest_hole, 1.0)),
        "slopes": signals.slope_delta,
        "likeness": None if likeness is None else -math.log(1.001 - likeness),
        "texture": _log(_or(signals.texture_distance, small, 0.0), 0.005),
        "structure": _log(signals.border_structure, 0.3),
        "broken": signals.border_break,
        "residue": signals.residue,
    }
    return {name: value for name, value in found.items() if value is not None}


def confidence_native(signals: Signals, model: str, *, measured: bool, calibration: Calibration) -> Confidence:
    """Estimate whether a careful person would accept a patch.

    Parameters
    ----------
    signals
        Of the patch.
    model
        Name of the model that made it.
    measured
        Whether it was computed from what shows through, and not invented.
    calibration
        The fitted numbers.

    Returns
    -------
    Confidence
        Nothing is claimed about models with too few observations, nor where a feature is worse than all that were
        observed. Where it is better it counts as the best that was.
    """
    return confidence_from(features_of(signals), model, measured=measured, calibration=calibration)


def confidence_from(
    features: Mapping[str, float], model: str, *, measured: bool, calibration: Calibration
) -> Confidence:
    """Do the same with features at hand; see :func:`confidence_native`."""
    family = calibration.family_of(model, measured=measured)
    if family is None:
        return Confidence(None, f"Fewer than {ENOUGH} repairs by `{model}` were ever compared with the truth.")
    trust = family.intercept + family.offsets.get(model, 0.0)
    for name, weight in family.weights.items():
        if name not in features:
            return Confidence(None, f"The {_told(name)[0]} could not be measured.")
        value, span = features[name], family.spans[name]
        if _is_worse(value, weight, family, name):
            return Confidence(None, _beyond(name, value, span.high if weight < 0 else span.low))
        trust += weight * min(max(value, span.low), span.high)
    return Confidence(_logistic(trust))


def confidence_upscaled(consistency: float) -> float:
    """Trust an enlargement that reduces to the picture it was made from: half at 28 dB, 0.98 at 36 dB."""
    return _logistic((consistency - 28) / 2)


def _is_worse(value: float, weight: float, family: Family, name: str) -> bool:
    span = family.spans[name]
    return value > span.high if weight < 0 else value < span.low


def _beyond(name: str, value: float, limit: float) -> str:
    thing, unit, back = _told(name)
    return f"The {thing} is {back(value):.3g} {unit}; nothing beyond {back(limit):.3g} was ever held against the truth."


def _or(value: float | None, small: bool, best: float) -> float | None:
    return best if value is None and small else value


def _told(name: str) -> tuple[str, str, Callable[[float], float]]:
    """How a feature is told to people; one that this program does not know is called as the file calls it."""
    return _NAMES.get(name, (f"feature `{name}`", "", float))


def _log(value: float | None, calm: float) -> float | None:
    return None if value is None else math.log(value + calm)


def _logistic(trust: float) -> float:
    return 1 / (1 + math.exp(-max(min(trust, 30), -30)))
