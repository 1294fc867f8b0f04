"""From a run to what its delivered files say: which stage did what, where, by which model, and who looked at it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.credentials import (
    GENERATOR,
    MOST_REGIONS,
    VERSION,
    Action,
    ActionName,
    Agent,
    Claim,
    SourceType,
    words_of,
)
from schemas.making import Made
from schemas.origins import facts_of, parent_of
from schemas.pointers import Box
from schemas.regions import scaled
from schemas.run import RunState
from schemas.stage import EditedArea, Stage

OURSELVES = Agent(name=GENERATOR, version=VERSION)
_SAID = ("seed", "strength", "steps", "guidance", "scale", "context")
"""Parameters that are published. What a model was asked to show is not, unless somebody wants that."""
_WORDS = ("prompt", "negative_prompt")
_LONGEST_WORDS = 1000


class Output(NamedTuple):
    """The file that is to carry the claim. Sizes are pixels.

    ``enlarged``: it shows the enlarged picture. ``encoded``: rendering wrote it anew, and did not copy what a stage
    left. A ``media_type`` of ``image/*`` stands for several files of one picture.
    """

    name: str
    media_type: str
    width: int
    height: int
    enlarged: bool = False
    encoded: bool = False


def claim_of(state: RunState, made: Mapping[Stage, Made], output: Output, *, moment: datetime) -> Claim:
    """Say how a file was made. Prompts are told where the recipe says so; they are on the record in any case.

    Parameters
    ----------
    made
        What the stages did that the run went through, its parents' included; see `schemas.making`.
    moment
        When it is signed.
    """
    prompts = state.run.recipe.deliver.prompts
    scene = Stage.GENERATE if state.made_by is Stage.GENERATE else None
    parent = parent_of(state)
    actions = [
        _created(made[scene], prompts) if scene and scene in made else _opened(),
        *_edits(state, made, output, prompts),
        *_enlarging(made, output),
        *_rendering(state, made, output, moment),
        _published(state, moment),
    ]
    return Claim(title=parent.title if parent else output.name, parent=parent, actions=actions, facts=facts_of(state))


def _opened() -> Action:
    return Action(action="c2pa.opened", description="The upload was opened.", agent=OURSELVES)


def _created(made: Made, prompts: bool) -> Action:
    return Action(
        action="c2pa.created",
        description=f"The whole picture was made by the model {made.model.name}.",
        agent=_agent(made),
        when=made.ended_at,
        source_type=SourceType.GENERATED,
        parameters=_parameters(made, prompts),
    )


def _edits(state: RunState, made: Mapping[Stage, Made], output: Output, prompts: bool) -> Iterator[Action]:
    if not state.was_edited:
        return
    if filled := made.get(Stage.INPAINT):
        for model, areas in _by_model(filled.areas).items():
            yield _fill(state, filled, model, areas, output, prompts)
    refined = made.get(Stage.REFINE)
    if refined and refined.areas:
        yield Action(
            action="c2pa.edited",
            description="Inside these areas the fills were fitted to their surroundings: seam, tint and grain.",
            agent=_agent(refined),
            when=refined.ended_at,
            source_type=_kind(refined.model.generative),
            regions=_shown(refined, [area.crop for area in refined.areas], output),
            parameters=_parameters(refined, prompts),
        )


def _fill(state: RunState, filled: Made, model: str, areas: list[EditedArea], output: Output, prompts: bool) -> Action:
    own = filled.model
    version = areas[0].version or (own.version if own.name == model else None)
    count = "One area" if len(areas) == 1 else f"{len(areas)} areas"
    left_out = f" The {MOST_REGIONS} largest are listed." if len(areas) > MOST_REGIONS else ""
    generative = areas[0].generative if areas[0].generative is not None or own.name != model else own.generative
    parameters = _parameters(filled, prompts) if own.name == model else {}
    return Action(
        action="c2pa.edited",
        description=f"{count} removed and filled by the model {model}{_where(state)}.{left_out}",
        agent=Agent(name=model, version=version),
        when=filled.ended_at,
        source_type=_kind(generative),
        regions=_shown(filled, [area.box for area in areas], output),
        parameters=parameters,
    )


def _where(state: RunState) -> str:
    """Say who decided what is removed."""
    run, masked = state.run, state.results.get(Stage.MASK)
    if run.strokes is not None:
        return ", where a reviewer painted"
    if run.mask is not None:
        return ", where a supplied mask said so"
    if run.box is not None or run.point is not None:
        return ", where somebody pointed"
    return f", where {masked.model} found it" if masked else ""


def _enlarging(made: Mapping[Stage, Made], output: Output) -> Iterator[Action]:
    enlarged = made.get(Stage.UPSCALE)
    if enlarged is None or not output.enlarged:
        return
    invents = enlarged.model.generative
    facts = {"agent": _agent(enlarged), "when": enlarged.ended_at}
    if invents:  # detail that was never photographed is more than another size
        description = f"The model {enlarged.model.name} made up fine detail while enlarging."
        yield Action(action="c2pa.edited", description=description, source_type=SourceType.COMPOSITE, **facts)
    yield Action(
        action="c2pa.resized.proportional",
        description="The picture was enlarged.",
        source_type=None if invents else SourceType.ENHANCED,
        parameters=_parameters(enlarged, prompts=False),
        **facts,
    )


def _rendering(state: RunState, made: Mapping[Stage, Made], output: Output, moment: datetime) -> Iterator[Action]:
    def ours(action: ActionName, description: str) -> Action:
        return Action(action=action, description=description, agent=OURSELVES, when=moment)

    base = _base_width(state, made, output)
    if base and output.width != base:
        yield ours("c2pa.resized.proportional", f"It was resized to {output.width} x {output.height} pixels.")
    came_as = state.inspection.media_type if state.inspection else None
    became = output.media_type != came_as and state.made_by is not Stage.GENERATE
    if output.encoded or became:
        kind = "for its use" if output.media_type == "image/*" else f"as {words_of(output.media_type)}"
        yield ours("c2pa.transcoded", f"It was encoded {kind}.")
    touched = output.encoded or output.enlarged or state.made_by is Stage.REFINE
    if touched and state.made_by is not Stage.GENERATE and state.run.recipe.deliver.metadata != "keep":
        yield ours("c2pa.edited.metadata", "Metadata of the upload was taken out, as the recipe says.")


def _published(state: RunState, moment: datetime) -> Action:
    ruling = state.run.ruling
    if ruling is None:
        description = "It was delivered by the rules of its recipe; no person looked at it first."
    elif ruling.verdict == "original":
        description = "A person rejected an edit; the picture was delivered as it came."
    else:
        description = "A person looked at the result and approved it."
    seen = {"human_review": ruling.verdict} if ruling else {"human_review": "none"}
    return Action(action="c2pa.published", description=description, agent=OURSELVES, when=moment, parameters=seen)


def _base_width(state: RunState, made: Mapping[Stage, Made], output: Output) -> int | None:
    """Width of the picture that rendering started from, pixels."""
    if output.enlarged and Stage.UPSCALE in made:
        return made[Stage.UPSCALE].width
    if state.made_by is not None and state.made_by in made:
        return made[state.made_by].width
    return state.inspection.width if state.inspection else None


def _by_model(areas: list[EditedArea]) -> dict[str, list[EditedArea]]:
    found: dict[str, list[EditedArea]] = {}
    for area in areas:
        found.setdefault(area.model, []).append(area)
    return found


def _shown(made: Made, boxes: list[Box], output: Output) -> list[Box]:
    made_at = (made.width or output.width, made.height or output.height)
    return scaled(boxes, made_at, (output.width, output.height), at_most=MOST_REGIONS)


def _agent(made: Made) -> Agent:
    return Agent(name=made.model.name, version=made.model.version)


def _kind(generative: bool | None) -> SourceType | None:
    """``None`` where it was never written down: then nothing is claimed."""
    if generative is None:
        return None
    return SourceType.COMPOSITE if generative else SourceType.ENHANCED


def _parameters(made: Made, prompts: bool) -> dict[str, Any]:
    use, given = made.model, made.parameters
    said = {name: given[name] for name in _SAID if isinstance(given.get(name), int | float)}
    words = {name: str(given[name])[:_LONGEST_WORDS] for name in _WORDS if given.get(name)} if prompts else {}
    weights = {"weights_sha256": [each.sha256 for each in use.weights]} if use.weights else {}
    return {"licence": use.licence, **weights, **said, **words}
