"""The gate after the native-size assessment: nothing is enlarged, and nothing delivered, before it has passed here.

What is not trusted may be tried with other models first, within the recipe's bounds. The best of them goes on.
"""

from enum import StrEnum

from schemas.errors import CleanplateError
from schemas.pointers import Document
from schemas.policy import Decision, Policy, Route
from schemas.recipe import ModelStep
from schemas.routing import redone
from schemas.rules import A_MODEL_MAY_HELP, NOT_MEASURED, Evidence, decide, too_dear
from schemas.run import MOST_ATTEMPTS, Run, RunState, Trial
from schemas.stage import Stage

_TRIED = (Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
"""The stages that a trial runs anew."""


class Step(StrEnum):
    """What the state machine does next."""

    PASS = "pass"  # noqa: S105  no password
    TRY = "try"
    ASK = "ask"


class Judgement(Document):
    """What was decided, and the state that goes on: with the best trial's results, or with the model to try next."""

    step: Step
    decision: Decision
    state: RunState


def judge(
    state: RunState,
    failure: CleanplateError | None = None,
    *,
    spent: float | None = None,
    ahead: float | None = None,
) -> Judgement:
    """Judge what was just assessed, or could not be made.

    Parameters
    ----------
    state
        With the results of this trial in ``results``; what failed left none.
    failure
        Why a model that was tried instead of the recipe's could not do it.
    spent
        US dollars that the run took so far; ``None`` where nobody knows.
    ahead
        US dollars that the enlargement will take; ``None`` where nobody knows, or nothing is enlarged.
    """
    policy = state.run.recipe.policy
    trials = [*state.trials, _trial(state, failure)]
    best = max(trials, key=lambda trial: _rank(policy, trial))  # the first of equals: the recipe's own choice
    decision = _decided(policy, best)
    model = _next_model(state, trials) if decision.rule in A_MODEL_MAY_HELP else None
    after = _after_another(state, trials, spent, ahead)
    dear = too_dear(policy, after, f"`{model}` was not tried: with it the picture")
    if model is not None and dear is None:
        results = {stage: summary for stage, summary in state.results.items() if stage not in _TRIED}
        changes = {"results": results, "fill": ModelStep(model=model), "trials": trials}
        return Judgement(step=Step.TRY, decision=decision, state=state.model_copy(update=changes))
    results = {**state.results, **best.results}
    fill = None if best is trials[0] else ModelStep(model=best.model)
    held = _held(state.run, decision, spent, ahead)
    if model is not None and dear is not None:
        held = decision.model_copy(update={"reason": f"{decision.reason} {dear.reason}"})
    changes = {"results": results, "fill": fill, "trials": trials, "held": held}
    decision = held or decision
    step = Step.PASS if decision.route is Route.AUTO else Step.ASK
    return Judgement(step=step, decision=decision, state=state.model_copy(update=changes))


def _decided(policy: Policy, trial: Trial) -> Decision:
    assessment = trial.results.get(Stage.ASSESS)
    if assessment is None or assessment.signals is None:
        return NOT_MEASURED
    return decide(policy, Evidence.of([assessment]))


def _held(run: Run, decision: Decision, spent: float | None, ahead: float | None) -> Decision | None:
    """Hold back what may pass and would be too dear to enlarge, or was done again and is to be compared first."""
    if decision.route is not Route.AUTO:
        return None
    known = spent is not None and ahead is not None
    return (too_dear(run.recipe.policy, (spent or 0) + (ahead or 0)) if known else None) or redone(run)


def _after_another(state: RunState, trials: list[Trial], spent: float | None, ahead: float | None) -> float | None:
    """Estimate what the run will have cost in the end if another trial takes what the first took; US dollars.

    Trials are most of what a run takes, so that a trial's share in the money is its share in the time.
    """
    total = sum(summary.seconds for summary in state.work)
    again = sum(summary.seconds for summary in trials[0].results.values())
    if spent is None or total == 0:
        return None
    return spent * (1 + again / total) + (ahead or 0.0)


def _trial(state: RunState, failure: CleanplateError | None) -> Trial:
    model = state.filled_by
    name = model.model if model else "none"
    if failure is not None:
        return Trial(model=name, failed_because=failure.message[:500])
    return Trial(model=name, results={stage: state.results[stage] for stage in _TRIED if stage in state.results})


def _rank(policy: Policy, trial: Trial) -> tuple[bool, bool, float]:
    """Order trials: with a result before without, what no hard rule catches before what one does, then by confidence.

    What a guard found that the recipe switched off holds nothing back here either.
    """
    if trial.results.get(Stage.ASSESS) is None:
        return False, False, -1.0
    decision = _decided(policy, trial)
    free = decision.route is Route.AUTO or decision.rule in A_MODEL_MAY_HELP
    return True, free, -1.0 if trial.confidence is None else trial.confidence


def _next_model(state: RunState, trials: list[Trial]) -> str | None:
    """Choose what to try next; a model that could not work here does not count as one that was tried."""
    fallbacks = state.run.recipe.policy.on_low_confidence
    if fallbacks is None:
        return None
    worked = sum(trial.failed_because is None for trial in trials[1:])
    if worked >= fallbacks.at_most or len(trials) >= MOST_ATTEMPTS:
        return None
    tried = {trial.model for trial in trials}
    return next((model for model in fallbacks.models if model not in tried), None)
