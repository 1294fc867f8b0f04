"""The decision about a whole run: the policy over its last assessment, and the cases in which there was none."""

from schemas.plan import can_find_a_mask
from schemas.policy import Decision, Route, decide
from schemas.run import RunState, StageSummary
from schemas.stage import Stage


def route_of(state: RunState) -> Decision:
    """Choose deliver or review for a run that got as far as it could.

    Signals of the edit come from the assessment at native size.
    """
    recipe = state.run.recipe
    if recipe.inpaint is not None and not can_find_a_mask(state):
        return Decision(
            route=Route.REVIEW,
            rule="no-mask",
            reason="Nothing says what to remove: upload photo.mask.png beside the photo, or let a person draw it.",
        )
    assessments = _assessments(state)
    if state.was_edited and not (assessments and assessments[0].signals):
        return Decision(
            route=Route.REVIEW, rule="not-measured", reason="The edit was not measured, so no rule can vouch for it."
        )
    if not assessments:
        return Decision(
            route=Route.AUTO, rule="nothing-to-do", reason="Nothing to remove was found; delivered untouched."
        )
    return decide(recipe.policy, assessments[0].signals, lowest_confidence(state))


def lowest_confidence(state: RunState) -> float | None:
    """Find the lowest confidence of all assessments: a fine enlargement cannot make up for a poor edit.

    ``None`` when nothing was assessed, or one assessment could not say.
    """
    known = [assessment.confidence for assessment in _assessments(state)]
    return min((value for value in known if value is not None), default=None) if None not in known else None


def _assessments(state: RunState) -> list[StageSummary]:
    return [state.results[stage] for stage in (Stage.ASSESS, Stage.ASSESS_UPSCALED) if stage in state.results]
