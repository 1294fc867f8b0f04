"""The decision about a whole run: the policy over its last assessment, and the cases in which there was none."""

from schemas.plan import can_find_a_mask
from schemas.policy import Decision, Policy, Route, ask, let_pass
from schemas.recipe import PreviewStep, Recipe
from schemas.review import Ruling
from schemas.rules import NOT_MEASURED, Evidence, decide, too_dear
from schemas.run import Run, RunState, StageSummary
from schemas.stage import Stage

NO_MASK = ask(
    "no-mask", "Nothing says what to remove: upload photo.mask.png beside the photo, or let a person draw it."
)
PREVIEWED = ask("previewed", "It was only looked at; nothing was changed.")
NOTHING_FOUND = ask("nothing-found", "Nothing to remove was found.")
SHOWN = frozenset(("previewed", "nothing-found", "prompt-agreement", "prompt-not-scored"))
"""Rules under which a preview shows what it was asked for. Under any other it stopped before that."""


def may_begin(state: RunState) -> Decision | None:
    """Say why no model may work on a picture: it would be too dear, or nobody stated what the recipe wants stated.

    ``None`` where one may. The same test stands in the state machine, before its first model.
    """
    run = state.run
    if dear := too_dear(run.recipe.policy, state.inspection.expected_cost if state.inspection else None):
        return dear
    if run.recipe.policy.rights != "required" or run.rights is not None:
        return None
    return ask(
        "rights-missing",
        f"Recipe `{run.recipe.name}` removes marks only from pictures that you own or may edit. State it with the "
        "upload: metadata `rights`, or `--rights`, `owned` or `licensed`. Nothing was changed.",
    )


def route_of(state: RunState) -> Decision:
    """Choose deliver or review for a run that got as far as it could. What was done again goes back to a person.

    Signals of the edit come from the assessment at native size; what a guard found counts from every assessment.
    """
    if state.run.ruling is not None:
        return _ruled(state.run.ruling, state)
    if state.run.until is not None:
        return _previewed(state)
    decision = _decided(state)
    return (redone(state.run) or decision) if decision.route is Route.AUTO else decision


def redone(run: Run) -> Decision | None:
    """Send what was done again to a person, who compares both; ``None`` for a first run."""
    if run.redo_of is None or run.ruling is not None:
        return None
    if run.trial and run.replay_of is None:
        return ask("trial", "It was only tried out.")
    return ask("redone", "It was done again as a reviewer asked, and no rule objects: compare it with the one before.")


def _previewed(state: RunState) -> Decision:
    """Say what a run shows that goes no further than it was asked to, or why there is nothing to show."""
    recipe = state.run.recipe
    if stopped := may_begin(state) or _wordless(recipe):
        return stopped
    if recipe.preview is not None and Stage.PREVIEW in state.results:
        return _judge_preview(recipe.preview, state.results[Stage.PREVIEW]) or PREVIEWED
    if Stage.MASK not in state.results:
        return NO_MASK
    return PREVIEWED if state.output(Stage.MASK, "mask") else NOTHING_FOUND


def _wordless(recipe: Recipe) -> Decision | None:
    if not recipe.needs_prompt or recipe.prompt is not None:
        return None
    return ask("no-prompt", "Nothing says what to show: give the upload a prompt, or the recipe one of its own.")


def _decided(state: RunState) -> Decision:
    recipe = state.run.recipe
    if stopped := may_begin(state):
        return stopped
    if state.held is not None:
        return state.held
    if wordless := _wordless(recipe):
        return wordless
    if recipe.preview is not None and Stage.PREVIEW in state.results:
        unconvincing = _judge_preview(recipe.preview, state.results[Stage.PREVIEW])
        if unconvincing:
            return unconvincing
    if recipe.generate is not None:
        return _judge_scene(recipe.policy, state)
    if recipe.inpaint is not None and not can_find_a_mask(state):
        return NO_MASK
    return _judge_result(recipe.policy, state)


def _ruled(ruling: Ruling, state: RunState) -> Decision:
    """Carry out what a person decided. What was enlarged after they had looked is looked at once more by the rules."""
    if ruling.verdict == "original":
        return let_pass("original", f"{ruling.name} rejected the edit; the original was delivered as it came.")
    policy, enlarged = state.run.recipe.policy, state.results.get(Stage.ASSESS_UPSCALED)
    if enlarged is not None and state.run.entry is Stage.UPSCALE:
        evidence = Evidence(findings=enlarged.findings, confidence=enlarged.confidence)
        by_score = policy.model_copy(update={"review": "by-score"})
        decision = decide(by_score, evidence)
        if decision.route is not Route.AUTO:
            return decision
    return let_pass("approved", f"Approved by {ruling.name}.")


def _judge_result(policy: Policy, state: RunState) -> Decision:
    assessments = _assessments(state)
    if state.was_edited and not (assessments and assessments[0].signals):
        return NOT_MEASURED
    if not assessments:
        wanted = state.run.recipe.mask is not None
        why = "Nothing to remove was found" if wanted else "The recipe changes nothing of the picture"
        return let_pass("nothing-to-do", f"{why}; delivered untouched.")
    return decide(policy, Evidence.of(assessments))


def _judge_preview(step: PreviewStep, preview: StageSummary) -> Decision | None:
    """Stop where the small picture does not show what the prompt says; the same test stands in the state machine."""
    agreement = preview.signals.prompt_agreement if preview.signals else None
    if agreement is None:
        return ask("prompt-not-scored", "Nothing compared the preview with its prompt. Nothing expensive has run.")
    if agreement >= step.ask_below:
        return None
    return ask(
        "prompt-agreement",
        f"The preview agrees with its prompt by {agreement:.2f}, below {step.ask_below:.2f}: reword the prompt. "
        "Nothing expensive has run.",
    )


def _judge_scene(policy: Policy, state: RunState) -> Decision:
    """A scene has no original that it could be measured against: a person looks, unless the recipe waives that.

    A conservative recipe cannot waive it: it would not be read. What a guard saw its enlargement invent is not waived.
    """
    scene = state.results.get(Stage.GENERATE)
    if scene is None:
        return ask("not-generated", "No scene was made.")
    if policy.review == "never":
        return decide(policy, Evidence(findings=[each for found in _assessments(state) for each in found.findings]))
    return ask("generated", f"The scene was invented by `{scene.model}` and has no original to be measured against.")


def lowest_confidence(state: RunState) -> float | None:
    """Find the lowest confidence of all assessments: a fine enlargement cannot make up for a poor edit.

    ``None`` when nothing was assessed, or one assessment could not say. Of a generated scene nobody can
    say it: that its enlargement is faithful to it means little.
    """
    if state.run.recipe.generate is not None:
        return None
    return Evidence.of(_assessments(state)).confidence


def _assessments(state: RunState) -> list[StageSummary]:
    return [state.results[stage] for stage in (Stage.ASSESS, Stage.ASSESS_UPSCALED) if stage in state.results]
