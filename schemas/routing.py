"""The decision about a whole run: the policy over its last assessment, and the cases in which there was none."""

from schemas.plan import can_find_a_mask
from schemas.policy import Decision, Policy, Route, decide
from schemas.recipe import PreviewStep
from schemas.run import RunState, StageSummary
from schemas.stage import Stage


def route_of(state: RunState) -> Decision:
    """Choose deliver or review for a run that got as far as it could.

    Signals of the edit come from the assessment at native size.
    """
    recipe = state.run.recipe
    if recipe.needs_prompt and recipe.prompt is None:
        return Decision(
            route=Route.REVIEW,
            rule="no-prompt",
            reason="Nothing says what to show: give the upload a prompt, or the recipe one of its own.",
        )
    if recipe.preview is not None and Stage.PREVIEW in state.results:
        unconvincing = _judge_preview(recipe.preview, state.results[Stage.PREVIEW])
        if unconvincing:
            return unconvincing
    if recipe.generate is not None:
        return _judge_scene(recipe.policy, state)
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


def _judge_preview(step: PreviewStep, preview: StageSummary) -> Decision | None:
    """Stop where the small picture does not show what the prompt says; the same test stands in the state machine."""
    agreement = preview.signals.prompt_agreement if preview.signals else None
    if agreement is None:
        return Decision(
            route=Route.REVIEW,
            rule="prompt-not-scored",
            reason="Nothing compared the preview with its prompt. Nothing expensive has run.",
        )
    if agreement >= step.ask_below:
        return None
    return Decision(
        route=Route.REVIEW,
        rule="prompt-agreement",
        reason=(
            f"The preview agrees with its prompt by {agreement:.2f}, below {step.ask_below:.2f}: reword the prompt. "
            "Nothing expensive has run."
        ),
    )


def _judge_scene(policy: Policy, state: RunState) -> Decision:
    """A scene has no original that it could be measured against: a person looks, unless the recipe waives that.

    A conservative recipe cannot waive it: it would not be read.
    """
    scene = state.results.get(Stage.GENERATE)
    if scene is None:
        return Decision(route=Route.REVIEW, rule="not-generated", reason="No scene was made.")
    if policy.review == "never":
        return decide(policy, None, None)
    return Decision(
        route=Route.REVIEW,
        rule="generated",
        reason=f"The scene was invented by `{scene.model}` and has no original to be measured against.",
    )


def lowest_confidence(state: RunState) -> float | None:
    """Find the lowest confidence of all assessments: a fine enlargement cannot make up for a poor edit.

    ``None`` when nothing was assessed, or one assessment could not say. Of a generated scene nobody can
    say it: that its enlargement is faithful to it means little.
    """
    if state.run.recipe.generate is not None:
        return None
    known = [assessment.confidence for assessment in _assessments(state)]
    return min((value for value in known if value is not None), default=None) if None not in known else None


def _assessments(state: RunState) -> list[StageSummary]:
    return [state.results[stage] for stage in (Stage.ASSESS, Stage.ASSESS_UPSCALED) if stage in state.results]
