"""What follows from a verdict. Pure rules; ``handlers.deciding`` carries them out."""

from typing import NamedTuple

from schemas.audit import AUDIT
from schemas.errors import BadInput
from schemas.review import Person, Ruling
from schemas.run import RunState
from schemas.stage import Stage
from schemas.verdict import Opinion

_UNDER_A_PREVIEW = frozenset({"prompt-agreement", "prompt-not-scored"})


class Next(NamedTuple):
    """The run that carries a verdict out: where it begins, and under which ruling."""

    entry: Stage
    ruling: Ruling | None


def why_not_approve(state: RunState, rule: str) -> str | None:
    """Say why there is nothing to approve; ``None`` where there is."""
    if rule == AUDIT or rule in _UNDER_A_PREVIEW:
        return None
    looked_and_found_nothing = Stage.MASK in state.results and state.output(Stage.MASK, "mask") is None
    if state.made_by or state.output(Stage.UPSCALE, "image") or looked_and_found_nothing:
        return None
    return "Nothing was made yet: do it again with what was missing, or reject it."


def consequence(state: RunState, rule: str, opinion: Opinion, person: Person) -> Next | None:
    """Choose the run that carries a verdict out; ``None`` where it needs none.

    Approved, a result is delivered as it was seen; one that was to be enlarged and stopped before that is enlarged
    first. Of an approved preview the picture is made that it stands for, and a person sees that one too. What was
    delivered already and is rejected needs no run either: it is taken back.

    Raises
    ------
    BadInput
        ``nothing_to_approve``.
    """
    if opinion.verdict == "reject":
        if opinion.deliver == "original":
            return Next(Stage.ROUTE, Ruling(verdict="original", who=person.who, name=person.name))
        return None
    if rule == AUDIT:
        return None
    if reason := why_not_approve(state, rule):
        raise BadInput(reason, code="nothing_to_approve")
    if rule in _UNDER_A_PREVIEW:
        return Next(Stage.GENERATE if state.run.recipe.generate else Stage.INPAINT, None)
    ruling = Ruling(verdict="approve", who=person.who, name=person.name)
    enlarged = state.output(Stage.UPSCALE, "image") is not None
    wants_more = state.run.recipe.upscale is not None and not enlarged
    return Next(Stage.UPSCALE if wants_more else Stage.ROUTE, ruling)
