"""The guards at work on an edit or an enlargement: window by window, with their finds in the picture's own pixels."""

import logging
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import cv2
import numpy as np

from inference.compositing.composite import composed_crop
from inference.compositing.edits import EditLayer
from inference.compositing.regions import as_slices
from inference.guards import codes, faces, logos, text
from inference.guards.view import View, overlap
from inference.nets.out_of_memory import is_out_of_memory
from inference.pictures import Picture
from inference.pictures.picture import to_8_bit
from inference.protocols import Mark, Mask, Rgb
from inference.registry import Models
from inference.stages.job import Job
from inference.stages.marks import marks_of
from inference.stages.windows import CONTEXT, WHOLE, Window, windows_over
from schemas.errors import BadInput, PermanentFailure
from schemas.finding import MOST_FINDINGS, Change, Finding, Guard
from schemas.pointers import Box
from schemas.stage import Stage

logger = logging.getLogger("cleanplate.guards")

READER, FACE_FINDER = "ppocr-reader", "centerface"
"""Models of the stage ``guard``."""
HELPERS = (READER, FACE_FINDER)

_SAME = 0.5
_LOOKING = ((CONTEXT, (Guard.TEXT, Guard.FACES)), (WHOLE, (Guard.LOGOS, Guard.CODES)))
"""Pixels around an edit that guards look at."""
_GRAVITY = (Change.INVENTED, Change.CHANGED, Change.LOST, Change.TOUCHED, Change.REMAINS, Change.UNCHECKED)


Look = Callable[[Guard], list[Finding]]


def guard_edit(job: Job, models: Models, source: Picture, layer: EditLayer, hole: Mask) -> list[Finding]:
    """Let every guard that the request asks for look at an edit, gravest finds first."""
    support, wanted, changed, found = layer.support(), _wanted(job), _changed(layer), list[Finding]()
    protected = cache(partial(marks_of, job))  # read where the first window asks for it, and not for each
    for context, guards in _LOOKING:
        asked = [guard for guard in wanted if guard in guards]
        for window in windows_over(changed, source.height, source.width, context) if asked else []:
            look = partial(_look, models, protected, _view(source, layer, hole, support, window))
            found += [window.in_picture(finding) for guard in asked for finding in _answered(guard, look)]
    return _gravest(found)


def guard_enlargement(job: Job, models: Models, native: Rgb, enlarged: Rgb) -> list[Finding]:
    """Let the guards of text, faces and codes hold an enlargement against its native picture; boxes in its pixels."""
    (height, width), wanted, found = native.shape[:2], _wanted(job), list[Finding]()
    for window in windows_over([Box(x=0, y=0, width=width, height=height)], height, width):
        before = window.cut(native)
        large = window.times(enlarged.shape[1] / width).cut(enlarged)
        after = np.asarray(cv2.resize(large, before.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
        look = partial(_compare, models, before, after)
        found += [window.in_picture(finding) for guard in wanted for finding in _answered(guard, look)]
    return _gravest(found)


def _look(models: Models, protected: Callable[[], list[Mark]], view: View, guard: Guard) -> list[Finding]:
    if guard is Guard.TEXT:
        return text.findings(_helper(models, READER), view)
    if guard is Guard.FACES:
        return faces.findings(_helper(models, FACE_FINDER), view)
    if guard is Guard.CODES:
        return codes.findings(view)
    return logos.findings(view, protected())


def _compare(models: Models, before: Rgb, after: Rgb, guard: Guard) -> list[Finding]:
    if guard is Guard.TEXT:
        return text.enlarged_findings(_helper(models, READER), before, after)
    if guard is Guard.FACES:
        return faces.enlarged_findings(_helper(models, FACE_FINDER), before, after)
    if guard is Guard.CODES:
        return codes.lost(codes.read(before), codes.read(after))
    return []  # an enlargement has no mask that could reach into a logo


def _helper(models: Models, name: str) -> Any:
    models.card(name, Stage.GUARD)
    return models.load(name)


def _answered(guard: Guard, look: Look) -> list[Finding]:
    """Say that a guard could not look where its model is not here: what nobody checked is not taken for good."""
    try:
        return look(guard)
    except PermanentFailure as error:
        return [Finding(guard=guard, change=Change.UNCHECKED, detail=error.message[:200])]
    except ModuleNotFoundError as error:
        detail = f"It needs {error.name}: install Cleanplate with its `local` extra."
        return [Finding(guard=guard, change=Change.UNCHECKED, detail=detail)]
    except (cv2.error, RuntimeError, ImportError) as error:  # ONNX Runtime's own errors are RuntimeErrors
        if is_out_of_memory(error):
            raise
        logger.warning("a guard failed", extra={"guard": guard.value, "error": str(error)[:500]})
        detail = "The guard failed on this picture; a person has to look."
        return [Finding(guard=guard, change=Change.UNCHECKED, detail=detail)]


def _wanted(job: Job) -> list[Guard]:
    """Read the parameter ``guards``, a list of names; all of them where it is not given."""
    asked = job.parameters.get("guards", list(Guard))
    try:
        return [Guard(name) for name in asked]
    except (TypeError, ValueError):
        known = ", ".join(Guard)
        raise BadInput(f"`guards` is a list of: {known}.", code="parameter") from None


def _changed(layer: EditLayer) -> list[Box]:
    """Boxes around what each patch may have changed; the patch itself has the model's context around that."""
    boxes = []
    for patch in layer.patches:
        left, top, width, height = cv2.boundingRect((patch.alpha > 0).astype(np.uint8))
        if width:
            boxes.append(Box(x=patch.box.x + left, y=patch.box.y + top, width=width, height=height))
    return boxes


def _view(source: Picture, layer: EditLayer, hole: Mask, support: Mask, window: Window) -> View:
    place = as_slices(window.box)
    return View(
        before=window.reduced(to_8_bit(source.pixels[place].copy())),
        after=window.reduced(to_8_bit(composed_crop(source.pixels, layer, window.box))),
        hole=window.reduced_mask(hole[place]),
        support=window.reduced_mask(support[place]),
    )


def _gravest(found: Iterable[Finding]) -> list[Finding]:
    """Order finds, tell each once, and keep as many as an answer may hold."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda each: _GRAVITY.index(each.change)):
        if not any(_are_one(finding, other) for other in kept):
            kept.append(finding)
    return kept[:MOST_FINDINGS]


def _are_one(first: Finding, second: Finding) -> bool:
    if first.guard is not second.guard:
        return False
    if first.box is None or second.box is None:
        return first.detail == second.detail
    return overlap(first.box, second.box) > _SAME
