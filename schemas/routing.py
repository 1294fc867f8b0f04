"""The decision about a whole run: the policy over its last assessment, and the cases in which there was none."""

from schemas.plan import can_find_a_mask
from schemas.policy import Decision, Route, decide
from schemas.run import RunState
from schemas.stage import Stage


def route_of(state: RunState) -> Decision:
    """Choose deliver or review for a run that got as far as it could.

    Signals of the edit come from the assessment at native size; the confidence is the lowest of all assessments, so
    that a fine enlargement cannot make up for a poor edit.
    """
    recipe = state.run.recipe
    if recipe.inpaint is not None and not can_find_a_mask(state):
        return Decision(
            route=Route.REVIEW,
            rule="no-mask",
            reason="Nothing says what to remove: upload photo.mask.png beside the photo, or let a person draw it.",
        )
    assessments = [state.results[stage] for stage in (Stage.ASSESS, Stage.ASSESS_UPSCALED) if stage in state.results]
    if not assessments:
        return Decision(
            route=Route.AUTO, rule="nothing-to-do", reason="Nothing to remove was found; delivered untouched."
        )
    known = [assessment.confidence for assessment in assessments]
    lowest = None if None in known else min(value for value in known if value is not None)
    return decide(recipe.policy, assessments[0].signals, lowest)
