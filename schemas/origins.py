"""What a delivered file says of the upload that it was made of, and of the record that knows more."""

from schemas.credentials import Parent
from schemas.run import RunState
from schemas.stage import Stage


def parent_of(state: RunState) -> Parent | None:
    """Name the upload by its file name alone: folders tell of the house that it comes from."""
    title = (state.run.source.key.rpartition("/")[2] or "picture")[:200]
    kind = str(state.inspection.media_type) if state.inspection else "application/octet-stream"
    if state.made_by is not Stage.GENERATE:
        return Parent(title=title, media_type=kind)
    step = state.run.recipe.generate
    follows = step is not None and step.from_sketch
    return Parent(title=title, media_type=kind, relationship="inputTo") if follows else None


def facts_of(state: RunState) -> dict[str, str]:
    """Name asset, run and recipe, by which the record is found, and the upload by its hash."""
    recipe, known = state.run.recipe, state.inspection
    original = {"original_sha256": known.sha256} if known else {}
    return {
        "asset_id": state.run.asset_id,
        "run_id": state.run.run_id,
        "recipe": recipe.reference,
        "recipe_sha256": recipe.sha256,
        **original,
    }
