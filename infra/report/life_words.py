"""Stages, standings and deeds in words, as the page of an asset has them (``infra/review/asset_words.js``)."""

from schemas.cost import LOCAL, Cost

STAGES = {
    "inspect": "Inspected",
    "mask": "Mask",
    "preview": "Preview",
    "generate": "Scene made",
    "inpaint": "Filled",
    "refine": "Finished",
    "assess": "Measured",
    "judge": "Judged",
    "upscale": "Enlarged",
    "assess-upscaled": "Enlargement measured",
    "route": "Decided",
    "render": "Files made",
    "deliver": "Delivered",
    "score": "Scored",
    "guard": "Looked for what must stay",
}
STATUSES = {
    "QUEUED": "Queued",
    "RUNNING": "Under way",
    "DELIVERED": "Delivered",
    "AWAITING_REVIEW": "Waits for a person",
    "QUARANTINED": "Quarantined",
    "FAILED": "Failed",
    "SUPERSEDED": "Overtaken",
    "REJECTED": "Rejected",
    "HELD": "Held",
    "CANCELLED": "Cancelled",
    "WITHDRAWN": "Withdrawn",
    "ERASED": "Erased",
}
DEEDS = {
    "opened": "asked a person",
    "claimed": "took it up",
    "released": "gave it back",
    "approved": "approved it",
    "approved-first": "approved it, as the first of two",
    "rejected": "rejected it",
    "redone": "sent it back to be made anew",
    "tried": "tried other settings",
    "reminded": "reminded people of it",
    "overdue": "put it before all others",
    "expired": "closed it: nobody had decided",
    "superseded": "closed it: something newer took its place",
    "withdrawn": "withdrew it",
    "erased": "erased it",
}


COPIES = {
    "copied": "Copied into a second bucket",
    "removed": "Taken out of the second bucket",
    "failed": "Could not be copied into the second bucket",
}


def stage_words(stage: str) -> str:
    """Say what a stage did."""
    return STAGES.get(stage, _spaced(stage))


def status_words(status: str) -> str:
    """Say how something stands."""
    return STATUSES.get(status, _spaced(status))


def deed_words(deed: str) -> str:
    """Say what somebody did, as the rest of a sentence that begins with a name."""
    return DEEDS.get(deed, _spaced(deed).lower())


def bytes_words(number: int) -> str:
    """Write a size: ``12 kB``, ``3.4 MB``."""
    if number < 1000:
        return f"{number} bytes"
    amount, unit = (number / 1e3, "kB") if number < 1e6 else (number / 1e6, "MB")
    return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"


def span_words(seconds: float) -> str:
    """Write a span: ``0.4 s``, ``12 s``, ``3 min``, ``5 h``."""
    if seconds < 90:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def cost_words(cost: Cost) -> str:
    """Say what the models took; nothing where nobody was asked."""
    if not cost.seconds:
        return ""
    where = "this machine" if cost.instance == LOCAL else cost.instance
    time = f"{span_words(cost.seconds)} of models on {where}"
    if cost.dollars == 0:
        return time
    return f"{'price unknown' if cost.dollars is None else f'${cost.dollars:.4f}'} for {time}"


def megapixels_words(width: int, height: int) -> str:
    """Write millions of pixels: ``0.04 MP``, ``12.2 MP``."""
    millions = width * height / 1e6
    return f"{millions:.2f} MP" if millions < 1 else f"{millions:.1f} MP"


def _spaced(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").lower()
    return words[:1].upper() + words[1:]
