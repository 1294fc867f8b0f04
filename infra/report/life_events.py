"""What happened to an asset, in its order, ready to be written down: upload, runs with their stages, deeds."""

from typing import Any

from infra.report.life_words import COPIES, cost_words, deed_words, span_words
from infra.report.prints import Print, Prints
from schemas.http.life import AssetLife, RunLife, StageLife
from schemas.pointers import Box, S3Pointer


def events_of(life: AssetLife, original: Print | None, prints: Prints) -> list[dict[str, Any]]:
    """List the events; each has a ``kind``, a moment ``at``, and what is said of it."""
    events: list[dict[str, Any]] = [{"kind": "uploaded", "at": life.asset.created_at}]
    events += [_run(run, life, original, prints) for run in life.runs]
    for deed in life.trail:
        if deed.what != "opened":  # that is the end of a run, which says so itself
            said = {"who": deed.by.name, "did": deed_words(deed.what), "why": deed.why}
            events.append({"kind": "deed", "at": deed.at, **said})
    for copy in life.copies:
        said = {"who": COPIES.get(copy.state, copy.state), "did": copy.bucket, "why": copy.reason}
        events.append({"kind": "deed", "at": copy.at, **said})
    return sorted(events, key=lambda event: event["at"])


def _run(run: RunLife, life: AssetLife, original: Print | None, prints: Prints) -> dict[str, Any]:
    stages = [
        {
            "stage": stage,
            "shown": _shown(stage, life, original, prints),
            "facts": _facts(stage, life),
            "lines": _lines(stage),
        }
        for stage in run.stages
    ]
    return {"kind": "run", "at": run.started_at, "run": run, "stages": stages, "facts": _outcome(run)}


def _outcome(run: RunLife) -> list[str]:
    """What is said of a run's end beside the reason."""
    facts = [f"confidence {run.confidence:.0%}"] if run.confidence is not None else []
    facts += [f"rule {run.rule}"] if run.rule else []
    files = len(run.renditions)
    facts += [f"{files} {'file' if files == 1 else 'files'} delivered"] if files else []
    facts += [f"after {span_words((run.ended_at - run.started_at).total_seconds())}"] if run.ended_at else []
    return [*facts, *([cost_words(run.cost)] if run.cost and run.cost.seconds else [])]


def _facts(stage: StageLife, life: AssetLife) -> list[str]:
    """What is said of a stage in a line."""
    facts = [cost_words(stage.cost)] if stage.cost and stage.cost.seconds else []
    if not facts and stage.model_seconds is not None:
        facts = [f"{span_words(stage.model_seconds)} in the model"]
    places = len(stage.areas) + stage.areas_left_out
    facts += [f"{places} {'place' if places == 1 else 'places'} filled"] if places else []
    facts += [f"mask covers {stage.mask.share:.1%}"] if stage.mask and stage.mask.share is not None else []
    facts += [f"{stage.edited_share:.1%} of the picture replaced"] if stage.edited_share is not None else []
    labels = list(dict.fromkeys(found.label for found in stage.detections))
    facts += [f"found: {', '.join(labels)}"] if labels else []
    native = life.asset.inspection.width if life.asset.inspection else None
    return [*facts, *([f"{stage.width} × {stage.height}"] if stage.width and stage.width != native else [])]  # noqa: RUF001  the sign of sizes


def _shown(stage: StageLife, life: AssetLife, original: Print | None, prints: Prints) -> dict[str, Any] | None:
    """What is seen of a stage: its picture; or the upload, with its mask or the places where it worked."""
    image, mask = (prints.of(stage.pictures.get(name)) for name in ("image", "mask"))
    if image:
        return {"below": image, "over": None, "boxes": [], "words": "What it made"}
    inspection = life.asset.inspection
    boxes = [area.box for area in stage.areas] + [found.box for found in stage.detections]
    if original is None or inspection is None or not (mask or boxes):
        return None
    if mask:
        return {"below": original, "over": mask, "boxes": [], "words": "The mask over the upload"}
    scaled = [_scaled(box, original.width / inspection.width, original.height / inspection.height) for box in boxes]
    return {"below": original, "over": None, "boxes": scaled, "words": "Where it worked"}


def _scaled(box: Box, across: float, down: float) -> dict[str, float]:
    sides = {"x": box.x * across, "y": box.y * down, "width": box.width * across, "height": box.height * down}
    return {name: round(length, 1) for name, length in sides.items()}


def _lines(stage: StageLife) -> list[tuple[str, str]]:
    """What only somebody who wants to do it again, or to prove it, looks at."""
    lines = [(name, value if isinstance(value, str) else repr(value)) for name, value in stage.parameters.items()]
    used = stage.model
    if used:
        lines += [(f"weights {weights.file}", f"sha256 {weights.sha256}") for weights in used.weights]
    lines += sorted({**(used.libraries if used else {}), **stage.libraries}.items())
    device = used.device if used else stage.device
    lines += [("device", device)] if device else []
    lines += [(f"in: {name}", _place(file)) for name, file in stage.inputs.items()]
    lines += [(f"out: {name}", _place(file)) for name, file in stage.outputs.items()]
    return lines


def _place(file: S3Pointer) -> str:
    version = f", version {file.version_id}" if file.version_id else ""
    return file.uri + version + (f", sha256 {file.sha256}" if file.sha256 else "")
