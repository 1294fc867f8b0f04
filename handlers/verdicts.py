"""Verdicts: a person's opinion of a run, kept with what the machine had said of its result."""

from handlers.aws import records
from schemas.records import ReviewRecord, StageRecord, now
from schemas.review import Person
from schemas.stage import Stage
from schemas.verdict import Opinion, Verdict

_MAKERS = (Stage.INPAINT, Stage.GENERATE, Stage.UPSCALE, Stage.PREVIEW)
"""Whose model is named: what invents pixels comes before what only enlarges them."""


def verdict_on(review: ReviewRecord, opinion: Opinion, person: Person) -> Verdict:
    """Put an opinion together with what the machine had said of the result: an example for its confidence."""
    run = records.find_run(review.asset_id, review.run_id)
    stages = _behind(review, records.stages_of(review.asset_id, review.run_id))
    return Verdict(
        asset_id=review.asset_id,
        run_id=review.run_id,
        opinion=opinion,
        who=person.who,
        name=person.name,
        given_at=now(),
        rule=review.rule,
        recipe=run.run.recipe.reference if run else "unknown",
        model=_model(stages),
        confidence=review.confidence,
        signals=next((stage.signals for stage in stages if stage.signals and stage.stage is Stage.ASSESS), None),
        findings=review.findings,
    )


def _behind(review: ReviewRecord, stages: list[StageRecord]) -> list[StageRecord]:
    """Keep the stages whose work is in the picture that was shown, and what measured them: other models were tried."""
    wanted = {review.after.key}
    made = []
    for stage in reversed(stages):
        if wanted & {output.key for output in stage.outputs.values()}:
            made.append(stage)
            wanted |= {given.key for given in stage.inputs.values()}
    measured = [
        stage
        for stage in reversed(stages)
        if stage.stage.kind is Stage.ASSESS
        and wanted & {given.key for given in stage.inputs.values()} - _sources(review)
    ]
    return made + measured


def _sources(review: ReviewRecord) -> set[str]:
    """Keys of what every attempt is given alike."""
    return {review.before.key} | ({review.mask.key} if review.mask else set())


def _model(stages: list[StageRecord]) -> str | None:
    models = {stage.stage: stage.model.name for stage in stages if stage.model}
    return next((models[stage] for stage in _MAKERS if stage in models), None)
