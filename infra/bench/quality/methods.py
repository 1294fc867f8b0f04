"""What is compared: the peers that people use today, and the chain with its own or with other fills."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from inference.protocols import Mask, Rgb
from infra.bench.quality.clock import Clock
from infra.bench.quality.kit import Kit, Task
from infra.bench.quality.marks import known_marks
from infra.bench.quality.repair import Repaired, recipe, repair
from schemas.pointers import Box
from schemas.recipe import ModelStep, Recipe

FILL_PEERS = ("telea", "ns", "fsr_fast", "fsr_best", "pypatchmatch")
ENLARGE_PEERS = ("bicubic", "lanczos")
REFINED = ("telea", "fsr", "patchmatch")
"""Fills by other models, with our refinement after them."""

_RECIPES = {"wm": "remove-watermark", "control": "remove-watermark", "sr": "enhance"}


@dataclass(frozen=True, eq=False)
class Made:
    """A method's answer to a task. CPU seconds count all threads, and hardly depend on what else the machine does."""

    image: Rgb
    seconds: float
    cpu_seconds: float
    mask: Mask | None = None
    facts: dict[str, Any] = field(default_factory=dict)


Method = Callable[[Kit, Task], Made]


def methods_for(task: Task) -> dict[str, Method]:
    """Name everything that can try a task."""
    if task.task in ("sr", "srstd"):
        return {**{name: _enlarging(name) for name in ENLARGE_PEERS}, "cleanplate": _ours}
    if task.task == "control" or task.mask is None:
        return {"cleanplate": _ours}
    # FSR and Navier-Stokes take minutes to hours on 12 megapixels.
    peers = ("telea", "pypatchmatch") if task.kind == "hires" else FILL_PEERS
    # Marks are computed back by default: what our own fill makes of them is a peer.
    fills = (*REFINED, "by-hole") if task.task == "wm" else REFINED
    refined = {f"{name}+refine": _with_fill(name) for name in fills if task.kind != "hires" or name != "fsr"}
    return {**{name: _filling(name) for name in peers}, **refined, "cleanplate": _ours}


def _filling(name: str) -> Method:
    def method(kit: Kit, task: Task) -> Made:
        rgb, mask = kit.rgb(task.input), kit.mask(str(task.mask))
        with Clock() as clock:
            made = kit.score.INP[name](rgb, mask)
        return Made(np.asarray(made), clock.seconds, clock.cpu_seconds)

    return method


def _enlarging(name: str) -> Method:
    def method(kit: Kit, task: Task) -> Made:
        rgb = kit.rgb(task.input)
        with Clock() as clock:
            made = kit.score.SR[name](rgb, task.facts["scale"])
        return Made(np.asarray(made), clock.seconds, clock.cpu_seconds)

    return method


def _with_fill(name: str) -> Method:
    def method(kit: Kit, task: Task) -> Made:
        order = recipe("remove-object").model_copy(update={"inpaint": ModelStep(model=name)})
        return _answer(repair(kit.bytes(task.input), _lossless(order), mask=kit.bytes(str(task.mask))))

    return method


def _ours(kit: Kit, task: Task) -> Made:
    """Do what a user would: the recipe that is shipped for it, with the mask, the box or the scale of the task."""
    order = _lossless(recipe(_RECIPES.get(task.task, "remove-object")))
    mask = kit.bytes(task.mask) if task.mask else None
    box = _box(task) if task.task == "obj" and mask is None else None
    scale = task.facts.get("scale") or 1
    return _answer(repair(kit.bytes(task.input), order, mask=mask, box=box, marks=known_marks(kit, task), scale=scale))


def _lossless(order: Recipe) -> Recipe:
    return order.with_format("png")


def _box(task: Task) -> Box:
    left, top, right, bottom = (max(0, int(edge)) for edge in task.facts["box"])
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _answer(done: Repaired) -> Made:
    facts = {"confidence": done.confidence, "models": done.models}
    facts |= {f"seconds_{stage}": round(seconds, 3) for stage, seconds in done.seconds.items()}
    return Made(done.image, sum(done.seconds.values()), done.cpu_seconds, done.mask, facts)
