"""A review as people are shown it: facts in words, short-lived links, and what they may do."""

from typing import Any, get_args

from handlers import recipes
from handlers.aws import dossier, storage
from handlers.aws import reviews as kept
from handlers.aws import verdicts as labels
from handlers.holding import live_claim, why_superseded
from handlers.lineage import stages_behind
from handlers.proofs_shown import proofs_of, proofs_or_ask, thumbnail_of
from schemas.consequence import why_not_approve
from schemas.readings import readings
from schemas.records import AssetRecord, ReviewRecord, StageRecord
from schemas.review import Person
from schemas.run import RunState
from schemas.stage import Stage
from schemas.verdict import Reason

_SHOWN = {
    *("asset_id", "run_id", "name", "recipe", "rule", "reason", "confidence"),
    *("opened_at", "expires_at", "attempt", "state"),
}
"""What a row tells of a review as it is written down."""


def summary(review: ReviewRecord, person: Person) -> dict[str, Any]:
    """One row of the queue."""
    held = live_claim(review)
    return {
        **review.model_dump(mode="json", include=_SHOWN),
        "claimed_by": held.name if held else None,
        "claimed_until": held.lease_ends if held else None,
        "mine": held is not None and held.who == person.who,
        "findings": len(review.findings),
        "thumbnail": thumbnail_of(review),
    }


def show_item(review: ReviewRecord, person: Person) -> dict[str, Any]:
    """All that a person needs to decide about one review."""
    state = kept.kept_state(review.asset_id, review.run_id)
    known = dossier.read(review.asset_id)
    inspection = state.inspection if state else None
    return {
        **summary(review, person),
        "findings": [finding.model_dump(mode="json") for finding in review.findings],
        "prompt": review.prompt,
        "negative_prompt": state.run.recipe.negative_prompt if state else None,
        "width": inspection.width if inspection else None,
        "height": inspection.height if inspection else None,
        "signals": _signals(state),
        "stages": [_stage(stage) for stage in stages_behind(known, review.run_id)],
        "proofs": proofs_or_ask(review),
        "files": {name: storage.presigned_get(pointer) for name, pointer in review.seen.items()},
        "earlier": _earlier(review, known.reviews),
        "parent": _parent(review),
        "may": _may(review, state, known.asset, person),
        "second_person": {
            "required": bool(state and state.run.recipe.policy.four_eyes),
            "first": review.first.name if review.first else None,
        },
        "choices": _choices(state),
        "verdict": _verdict(review),
        "next_run": review.next_run,
    }


def _signals(state: RunState | None) -> list[dict[str, str]]:
    """What was measured, in words: of the edit at native size, else of what there is."""
    results = state.results if state else {}
    measured = [results[stage].signals for stage in (Stage.ASSESS, Stage.PREVIEW) if stage in results]
    found = next((signals for signals in measured if signals is not None), None)
    return [reading._asdict() for reading in readings(found)] if found else []


def _stage(record: StageRecord) -> dict[str, Any]:
    model = record.model
    return {
        "stage": record.stage,
        "model": model.name if model else None,
        "version": model.version if model else None,
        "licence": model.licence if model else None,
        "seconds": record.model_seconds if record.model_seconds is not None else round(record.wall_seconds, 3),
        "started_at": record.model_dump(mode="json")["started_at"],
        "note": record.note,
    }


def _earlier(review: ReviewRecord, known: list[ReviewRecord]) -> list[dict[str, Any]]:
    others = [each for each in known if each.run_id != review.run_id and each.state != "trial"]
    return [each.model_dump(mode="json", include={"run_id", "opened_at", "state", "reason"}) for each in others]


def _parent(review: ReviewRecord) -> dict[str, Any] | None:
    if review.parent is None:
        return None
    return {"run_id": review.parent, "proofs": proofs_of(review.asset_id, review.parent)}


def _may(review: ReviewRecord, state: RunState | None, asset: AssetRecord | None, person: Person) -> dict[str, Any]:
    """What this person may do now; the same is checked again when they do it."""
    replaced = why_superseded(review, asset) if review.state.waits else None
    held = live_claim(review)
    current = review.state.waits and replaced is None and state is not None
    why_not = why_not_approve(state, review.rule) if state else "Nothing is left of the run; upload the picture again."
    why_not = replaced or why_not
    if current and held is not None and held.who != person.who:
        current, why_not = False, f"{held.name} is looking at it."
    return {
        "approve": current and why_not is None,
        "approve_why_not": why_not,
        "reject": current,
        "redo": current,
    }


def _choices(state: RunState | None) -> dict[str, Any]:
    """What a redo can say otherwise: ``prompt`` and ``rights`` only where they would be heard."""
    recipe = state.run.recipe if state else None
    return {
        "models": _models(state),
        "reasons": list(get_args(Reason)),
        "prompt": recipe is not None and recipe.takes_prompt,
        "rights": state is not None and state.run.recipe.policy.rights == "required" and state.run.rights is None,
    }


def _models(state: RunState | None) -> list[str]:
    """Models that could fill instead: those that any recipe of this deployment names."""
    if state is None:
        return []
    scene = state.run.recipe.generate is not None
    named: list[str] = []
    for recipe in (state.run.recipe, *recipes.shipped().values()):
        step = recipe.generate if scene else recipe.inpaint
        fallbacks = recipe.policy.on_low_confidence
        others = fallbacks.models if fallbacks and not scene else []
        named += [step.model] if step else []
        named += others if step else []
    return list(dict.fromkeys(named))


def _verdict(review: ReviewRecord) -> dict[str, Any] | None:
    said = labels.find(review.run_id, review.decided_by.who) if review.decided_by else None
    if said is None:
        return None
    facts = said.opinion.model_dump(mode="json", include={"verdict", "reason", "comment"})
    return {**facts, "who": said.name or said.who, "given_at": said.model_dump(mode="json")["given_at"]}
