"""Names derived from content, so that the same event always names the same thing.

Everything that must happen once is named by a hash of what it is. A retry then finds the name taken, and that is
success.
"""

import hashlib
import json
import re
from typing import Any


def digest(*parts: str) -> str:
    """SHA-256 over length-prefixed parts, as 64 hex digits.

    The length prefix keeps ``("ab", "c")`` and ``("a", "bc")`` apart.
    """
    state = hashlib.sha256()
    for part in parts:
        raw = part.encode()
        state.update(f"{len(raw)}:".encode())
        state.update(raw)
    return state.hexdigest()


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def asset_id(bucket: str, key: str, version_id: str) -> str:
    """Name one version of one uploaded picture: ``a-`` and 24 hex digits (96 bits)."""
    return "a-" + digest("asset", bucket, key, version_id)[:24]


def is_asset_id(text: str) -> bool:
    """Whether this could be an asset's name; what comes out of a URL may be anything."""
    return re.fullmatch(r"a-[0-9a-f]{24}", text) is not None


def batch_id(text: str) -> str:
    """Name a batch by what makes it the same order: ``b-`` and 24 hex digits."""
    return "b-" + digest("batch", text)[:24]


def is_batch_id(text: str) -> bool:
    """Whether this could be the name of a batch."""
    return re.fullmatch(r"b-[0-9a-f]{24}", text) is not None


def fetch_id(text: str) -> str:
    """Name an order to fetch by what makes it the same order: ``f-`` and 24 hex digits."""
    return "f-" + digest("fetch", text)[:24]


def is_fetch_id(text: str) -> bool:
    """Whether this could be the name of an order to fetch."""
    return re.fullmatch(r"f-[0-9a-f]{24}", text) is not None


def is_run_id(text: str) -> bool:
    """Whether this could be a run's name."""
    return re.fullmatch(r"r-[0-9a-f]{40}", text) is not None


def run_id(asset: str, recipe: str, mask_version: str, box: str, entry: str, attempt: int, *more: str) -> str:
    """Name one execution of the chain; also the Step Functions execution name (at most 80 characters).

    The mask's version is part of the name: a mask that arrives after its photo makes a new run, and ten copies of
    that mask's event still make only one (docs/adr/0002). ``more`` is what else decides the run; without any of it the
    name is what it was before there was more.
    """
    return "r-" + digest("run", asset, recipe, mask_version, box, entry, str(attempt), *more)[:40]


def inference_id(task_token: str) -> str:
    """SageMaker InferenceId (at most 64 characters) for a task token (up to 2,048, so it cannot travel itself)."""
    return "i-" + digest("callback", task_token)[:40]


def content_key(document: dict[str, Any]) -> str:
    """Name a stage's output by everything that decides it: stage, model, inputs, parameters."""
    return digest("stage", canonical_json(document))[:40]
