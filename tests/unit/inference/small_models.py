"""Small but true models of every stage, and a registry of them: stages are tested without weights or waiting."""

from collections.abc import Callable
from typing import Any

import numpy as np

from inference.compositing.masks import dilate
from inference.masking.supplied import SuppliedMask
from inference.protocols import Assessment, Found
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from schemas.signals import Signals
from schemas.stage import Detection, Stage


class MeanColour:
    """Fills a hole with the mean colour of what is known."""

    def fill(self, rgb: np.ndarray, hole: np.ndarray, *, seed: int, parameters: Any) -> np.ndarray:
        out = rgb.copy()
        out[hole] = np.rint(rgb[~hole].mean(axis=0)) + parameters.get("tint", 0)
        return out


class Feather:
    """Keeps the fill and feathers two pixels around the hole."""

    def refine(self, rgb: np.ndarray, fill: np.ndarray, hole: np.ndarray, *, seed: int, parameters: Any) -> Any:
        alpha = np.maximum(hole, 0.5 * dilate(hole, 2))
        return fill, alpha.astype(np.float32)


class Comparison:
    """Counts changed pixels; trusts small holes."""

    def assess_native(self, source, result, hole, alpha, *, fill, parameters: Any) -> Assessment:
        changed = int(((source != result).any(axis=2) & (alpha == 0)).sum())
        signals = Signals(changed_outside_mask=changed, mask_share=float((alpha > 0).mean()), seam_ratio=1.0)
        return Assessment(signals, 1 - float(hole.mean()))

    def assess_upscaled(self, native, enlarged, *, hole, parameters: Any) -> Assessment:
        scale = enlarged.shape[0] // native.shape[0]
        difference = enlarged[::scale, ::scale].astype(float) - native
        consistency = 99.0 if not difference.any() else float(10 * np.log10(255**2 / (difference**2).mean()))
        return Assessment(Signals(changed_outside_mask=0, mask_share=0, consistency=consistency), 0.9)


class Repeat:
    """Enlarges by repeating pixels."""

    def enlarge(self, rgb: np.ndarray, *, parameters: Any) -> np.ndarray:
        return rgb.repeat(2, axis=0).repeat(2, axis=1)


class DrawnBox:
    """Takes the box for the object."""

    def find(self, rgb, *, supplied, box, parameters: Any) -> Found:
        mask = np.zeros(rgb.shape[:2], bool)
        if box is None:
            return Found(mask)
        mask[box.y : box.y + box.height, box.x : box.x + box.width] = True
        return Found(mask, [Detection(label="box", score=1, box=box)])


def card(name: str, stage: Stage, **facts: Any) -> ModelCard:
    return ModelCard(
        name=name,
        version="1",
        stage=stage,
        summary="A small model.",
        adapter="inference.masking.supplied:SuppliedMask",
        licence="Apache-2.0",
        commercial_use=True,
        generative=False,
        **facts,
    )


class SmallModels:
    """A registry of the models above."""

    released = False

    def __init__(self, **more: tuple[ModelCard, Callable[[], Any]]) -> None:
        supplied = card("supplied-mask", Stage.MASK)
        self._models: dict[str, tuple[ModelCard, Callable[[], Any]]] = {
            "supplied-mask": (supplied, lambda: SuppliedMask(supplied, {})),
            "drawn-box": (card("drawn-box", Stage.MASK), DrawnBox),
            "mean": (card("mean", Stage.INPAINT, defaults={"tint": 0}), MeanColour),
            "feather": (card("feather", Stage.REFINE), Feather),
            "comparison": (card("comparison", Stage.ASSESS), Comparison),
            "repeat-x2": (card("repeat-x2", Stage.UPSCALE, scale=2), Repeat),
            **more,
        }

    def card(self, name: str, stage: Stage | None = None) -> ModelCard:
        found = self._models.get(name)
        if found is None or (stage and stage.kind != found[0].stage):
            raise PermanentFailure(f"There is no model `{name}`.", code="unknown_model")
        return found[0]

    def load(self, name: str) -> Any:
        return self._models[name][1]()

    def release(self) -> None:
        self.released = True
