"""Three pictures of a confidence: what it says against what is true, how it ranks, and what it costs in reviews."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from infra.calibration.figures import Confidences, Goods, auroc, bins, burden, calibration_error

SIDE, MARGIN = 440, 74
"""Pixels of a plot's square, and around it."""
COLOURS = ("#1f6feb", "#d97706", "#2e9e5b")
INK, FAINT, PAPER = "#24292f", "#d0d7de", "#ffffff"
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

Sets = Mapping[str, tuple[Confidences, Goods]]
"""By name: confidences, and whether good."""


class _Plot(NamedTuple):
    draw: ImageDraw.ImageDraw
    left: int

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + MARGIN + x * SIDE, MARGIN + (1 - y) * SIDE

    def line(self, xs: NDArray[np.floating], ys: NDArray[np.floating], colour: str, width: int = 3) -> None:
        points = [self.at(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
        self.draw.line(points, fill=colour, width=width, joint="curve")

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        across, down = self.at(x, y)
        self.draw.ellipse((across - radius, down - radius, across + radius, down + radius), fill=colour, outline=PAPER)


def draw(sets: Sets) -> Image.Image:
    """Draw the reliability diagram, the ROC and the review burden side by side, one colour a set."""
    width = 3 * (SIDE + 2 * MARGIN)
    canvas = Image.new("RGB", (width, SIDE + 2 * MARGIN + 30 * len(sets) + 16), PAPER)
    pen = ImageDraw.Draw(canvas)
    plots: tuple[tuple[str, str, str, Callable[[_Plot, Confidences, Goods, str], None]], ...] = (
        ("Reliability", "confidence", "share that was good", _reliability),
        ("ROC", "bad ones taken for good", "good ones taken for good", _roc),
        ("Review burden", "bad ones caught", "good ones sent to people too", _burden),
    )
    for number, (title, across, up, curve) in enumerate(plots):
        plot = _Plot(pen, number * (SIDE + 2 * MARGIN))
        _frame(canvas, plot, title, across, up)
        for colour, (confidence, good) in zip(COLOURS, sets.values(), strict=False):
            if len(good):  # of all the others the confidence was unknown
                curve(plot, confidence, good, colour)
    _legend(pen, sets)
    return canvas


def _frame(canvas: Image.Image, plot: _Plot, title: str, across: str, up: str) -> None:
    pen, small = plot.draw, ImageFont.load_default(size=17)
    for tick in _TICKS:
        pen.line([plot.at(tick, 0), plot.at(tick, 1)], fill=FAINT)
        pen.line([plot.at(0, tick), plot.at(1, tick)], fill=FAINT)
        x, y = plot.at(tick, 0)
        pen.text((x, y + 8), f"{tick:g}", INK, font=small, anchor="ma")
        x, y = plot.at(0, tick)
        pen.text((x - 8, y), f"{tick:g}", INK, font=small, anchor="rm")
    pen.text(plot.at(0, 1.06), title, INK, font=ImageFont.load_default(size=24), anchor="lb")
    x, y = plot.at(0.5, 0)
    pen.text((x, y + 34), across, INK, font=small, anchor="ma")
    label = Image.new("RGB", (SIDE, 22), PAPER)
    ImageDraw.Draw(label).text((SIDE / 2, 0), up, INK, font=small, anchor="ma")
    canvas.paste(label.rotate(90, expand=True), (plot.left + 8, MARGIN))


def _reliability(plot: _Plot, confidence: Confidences, good: Goods, colour: str) -> None:
    ends = np.array([0.0, 1.0])
    plot.line(ends, ends, FAINT, 2)
    found = bins(confidence, good)
    plot.line(np.array([each.confidence for each in found]), np.array([each.good for each in found]), colour)
    for each in found:
        plot.dot(each.confidence, each.good, 4 + 14 * np.sqrt(each.count / len(good)), colour)


def _roc(plot: _Plot, confidence: Confidences, good: Goods, colour: str) -> None:
    ends = np.array([0.0, 1.0])
    plot.line(ends, ends, FAINT, 2)
    caught, sent = burden(confidence, good)
    plot.line(1 - caught, 1 - sent, colour)


def _burden(plot: _Plot, confidence: Confidences, good: Goods, colour: str) -> None:
    plot.line(np.array([0.95, 0.95]), np.array([0.0, 1.0]), INK, 1)
    plot.line(np.array([0.0, 1.0]), np.array([0.35, 0.35]), INK, 1)
    caught, sent = burden(confidence, good)
    plot.line(caught, sent, colour)


def _legend(pen: ImageDraw.ImageDraw, sets: Sets) -> None:
    font = ImageFont.load_default(size=19)
    for number, (name, (confidence, good)) in enumerate(sets.items()):
        y = SIDE + 2 * MARGIN + 30 * number
        area, error = auroc(confidence, good), calibration_error(confidence, good)
        ranked = "-" if area is None else f"{area:.3f}"
        pen.rectangle((MARGIN, y + 3, MARGIN + 26, y + 17), fill=COLOURS[number])
        text = f"{name}: {len(good)} repairs, {int((~good).sum())} bad; AUROC {ranked}, calibration error {error:.3f}"
        pen.text((MARGIN + 38, y), text, INK, font=font)
