"""What an adapter of each stage looks like. One adapter is one file; its card names it as ``module:Class``.

An adapter is built once by the registry as ``Class(card, weights)``, where ``weights`` maps the file names on its
card to verified local paths, and is then called many times, possibly from several threads.

All pictures are upright, RGB, C-contiguous ``uint8`` arrays of shape ``(H, W, 3)`` unless said otherwise; masks are
``bool`` of shape ``(H, W)``, True where something is to be replaced.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.sighting import Sighting
from schemas.signals import Signals
from schemas.stage import Detection

Rgb = NDArray[np.uint8]
"""``(H, W, 3)``, sRGB-like code values 0..255."""

Samples = NDArray[np.uint8] | NDArray[np.uint16]
"""Code values of one depth, 0..255 or 0..65535."""

Mask = NDArray[np.bool_]
"""``(H, W)``, True where something is to be replaced."""

Alpha = NDArray[np.float32]
"""``(H, W)``, 0..1: the share of the fill in the composite."""

Parameters = Mapping[str, Any]
Weights = Mapping[str, Path]


class Adapter(Protocol):
    """What all adapters share.

    One that computes on an accelerator, or takes other memory than its weight files have bytes, says so in two
    attributes more: ``device`` (``cuda``) for the provenance, and ``held_bytes`` for the registry's memory budget.
    """

    card: ModelCard

    def __init__(self, card: ModelCard, weights: Weights) -> None: ...


@dataclass(frozen=True)
class Found:
    """A masker's answer: the area to replace (may be empty) and what it was taken for."""

    mask: Mask
    detections: list[Detection] = field(default_factory=list)


class Masker(Adapter, Protocol):
    """Finds what should not be there."""

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """Find the area to replace.

        Parameters
        ----------
        rgb
            The picture.
        supplied
            ``(H, W)`` uint8 mask that came with the picture, same size; soft values allowed.
        box
            Rectangle around the object, where someone drew one.
        """
        ...


class Inpainter(Adapter, Protocol):
    """Fills a hole from its surroundings."""

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Return a picture of the same size; only pixels inside ``hole`` are used.

        Parameters
        ----------
        rgb
            A crop with context around the hole; the values inside the hole are still those of the unwanted thing
            and must not be used.
        hole
            Hard generation mask; at least one pixel is True and at least one is False.
        """
        ...


Fill = Callable[[Rgb, Mask], Rgb]
"""An inpainter at work on a whole picture: the hole is cropped, filled and stitched for the caller."""


@dataclass(frozen=True, eq=False)
class Mark:
    """The artwork of a mark that is known.

    Parameters
    ----------
    name
        What it is registered as.
    rgba
        ``(h, w, 4)`` uint8, colour and opacity, not premultiplied.
    sighted
        Where its copies lie, if somebody looked for them already; ``None`` if nobody did.
    """

    name: str
    rgba: NDArray[np.uint8]
    sighted: list[Sighting] | None = None


@dataclass(frozen=True, eq=False)
class Restored:
    """A restorer's answer.

    Parameters
    ----------
    rgb
        The whole picture; only pixels inside the hole are used.
    measured
        ``(H, W)``: the part of the hole that was computed from what shows through. The rest was invented by the fill.
    sighted
        Registered marks by whose artwork it was computed.
    """

    rgb: Rgb
    measured: Mask
    sighted: list[Sighting] = field(default_factory=list)


@runtime_checkable
class Restorer(Protocol):
    """Does an inpainter's work from what lies under the hole as well: it sees the whole picture, mark and all."""

    def restore(
        self, rgb: Rgb, hole: Mask, marks: list[Mark], *, fill: Fill, seed: int, parameters: Parameters
    ) -> Restored:
        """Repair ``hole``.

        Parameters
        ----------
        rgb
            The whole picture, with the unwanted thing in the hole.
        hole
            At least one pixel is False.
        marks
            Artwork of marks that may be in the picture.
        fill
            Invents what cannot be measured; called with the picture as far as it is repaired, and what is left.
        """
        ...


class Refiner(Adapter, Protocol):
    """Makes a fill belong to its surroundings: structure first, then colour and grain."""

    def refine(self, rgb: Rgb, fill: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> tuple[Rgb, Alpha]:
        """Return the better fill and the composite mask.

        The composite mask is 1 wherever the unwanted thing was. Beyond the hole it is 0, or falls to 0 within a narrow
        band if the refiner was asked to change pixels there.
        """
        ...


class Upscaler(Adapter, Protocol):
    """Enlarges by ``card.scale``."""

    def enlarge(self, rgb: Samples, *, parameters: Parameters) -> Samples:
        """Return ``(H * scale, W * scale, 3)`` in the depth of ``rgb``, uint8 or uint16. Tiling bounds memory."""
        ...


class Generator(Adapter, Protocol):
    """Makes a picture out of words, and out of a sketch where there is one."""

    follows_sketch: bool
    """Whether it looks at a sketch. One that does not is never given one."""
    heeds_negative: bool
    """Whether it knows negative prompts. One that does not refuses them."""

    def generate(
        self, prompt: str, size: tuple[int, int], *, sketch: Rgb | None, seed: int, parameters: Parameters
    ) -> Rgb:
        """Return ``(height, width, 3)`` uint8.

        Parameters
        ----------
        prompt
            What to show. ``parameters`` may hold ``negative_prompt``, what not to show.
        size
            Height and width in pixels. A model that works at another size brings its picture to this one.
        sketch
            Lines to follow, of any size, dark on light; ``None`` where words are all there is.
        """
        ...


class PromptScorer(Adapter, Protocol):
    """Says how well a picture shows what a prompt asks for."""

    def agreement(self, rgb: Rgb, prompt: str, *, parameters: Parameters) -> float:
        """Return the agreement, 0..1."""
        ...


@dataclass(frozen=True)
class Assessment:
    """Signals, and a confidence in 0..1; or ``None`` where the assessor cannot say, and why in words."""

    signals: Signals
    confidence: float | None
    unknown_because: str | None = None


@dataclass(frozen=True, eq=False)
class FilledBy:
    """Who made what is judged.

    Parameters
    ----------
    model
        Its name.
    measured
        ``(H, W)``: the part of the hole that was computed from what shows through, and not invented.
    all_measured
        Whether that is how this patch was made; neighbours in its crop may have been made otherwise.
    """

    model: str
    measured: Mask
    all_measured: bool = False


class Assessor(Adapter, Protocol):
    """Measures an output against its source."""

    def assess_native(
        self, source: Rgb, result: Rgb, hole: Mask, alpha: Alpha, *, fill: FilledBy, parameters: Parameters
    ) -> Assessment:
        """Judge an edit at native size. All arrays have the same height and width (whole picture, or a crop of it)."""
        ...

    def assess_upscaled(self, native: Rgb, enlarged: Rgb, *, hole: Mask | None, parameters: Parameters) -> Assessment:
        """Judge an enlargement against the native picture it was made from.

        ``hole`` is what was filled in the native picture, ``(H, W)`` of its size; ``None`` where nothing was.
        """
        ...
