"""Documents as DynamoDB items: one table, every key pattern in this file.

==============  ==================  =================================  ==========================
what            pk                  sk                                 in index ``by-status`` as
==============  ==================  =================================  ==========================
asset           ``ASSET#<asset>``   ``ASSET``                          its status, then updated_at
run             ``ASSET#<asset>``   ``RUN#<run>``
stage           ``ASSET#<asset>``   ``STAGE#<run>#<stage>#<trial>``    (added, never changed; see add_stage)
where found     ``ASSET#<asset>``   ``~<run>#<kind>#<fact>``           ``BY_<KIND>#<fact>``, ended_at (found_runs.py)
review          ``ASSET#<asset>``   ``REVIEW#<run>``                   while it waits: ``REVIEW``, then rank, opened_at
kept state      ``ASSET#<asset>``   ``STATE#<run>``
deadline        ``ASSET#<asset>``   ``DEADLINE#<run>``                 ``REVIEW_DEADLINE``, then due_at
replay          ``ASSET#<asset>``   ``REPLAY#<run>``                   (replays.py)
second copy     ``ASSET#<asset>``   ``COPY#<bucket>``                  (copies.py)
trail entry     ``ASSET#<asset>``   ``TRAIL#<run>#<at>#<what>#<who>``
run's place     ``RUN#<run>``       ``RUN``
callback        ``CALLBACK#<id>``   ``CALLBACK``                       (expires by TTL)
its place       ``ASSET#<asset>``   ``WAITS#<run>#<id>``               (expires by TTL)
copying         ``ORIGIN#<hash>``   ``ORIGIN``                         (of bucket and key; origins.py)
mark            ``MARKS``           its name
latest recipe   ``RECIPES``         its name
recipe version  ``RECIPE_VERSIONS`` ``<name>@<six digits>``
shipped once    ``RECIPES_SHIPPED`` as above, those that were used
recipe used     ``RECIPE#<sha256>`` ``RECIPE``
verdict         ``VERDICTS``        ``<run>#<hash of who gave it>``
given answer    ``ANSWERS``         ``api#<hash of who asked what>``   (Powertools'; expires by TTL)
cost            ``COSTS``           ``<day>#<recipe>#<model>#<shard>``
counted run     ``COSTED#<run>``    ``COSTED``                         (expires by TTL)
rate            ``RATE#<caller>``   ``<minute>``                       (expires by TTL)
hook            ``HOOKS``           its name                           (hooks.py)
fetch           ``FETCH#<id>``      ``FETCH``                          (expires by TTL; fetches.py)
its asset       ``BROUGHT#<asset>`` ``FETCH#<id>``                     (expires by TTL)
batch           ``BATCH#<batch>``   ``BATCH``                          ``BATCH``, then created_at (batches.py)
its picture     ``BATCH#<batch>``   ``ITEM#<hash of its key>``
who waits       ``ASSET#<asset>``   ``BATCH#<batch>``
webhook         ``WEBHOOKS``        its id                             (webhooks.py)
delivery        ``DELIVERY#<id>``   ``DELIVERY``                       ``DELIVERY_<STATE>``, updated_at (expires)
its asset       ``TOLD#<asset>``    ``DELIVERY#<id>``                  (expires by TTL)
what is used    ``ASSET#<asset>``   ``MADE#<place>``                   (shared.py)
who uses it     ``SHARED#<place>``  ``ASSET#<asset>``                  (``CLOSED`` while it is erased)
==============  ==================  =================================  ==========================
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from schemas.ids import digest
from schemas.pointers import Document
from schemas.records import (
    AssetRecord,
    Callback,
    Deadline,
    MarkRecord,
    ReviewRecord,
    RunRecord,
    StageRecord,
    timestamp,
)
from schemas.run import Run, RunState
from schemas.trail import TrailEntry
from schemas.verdict import Verdict

Item = dict[str, Any]
"""A DynamoDB item or key in wire form: ``{"pk": {"S": "..."}}``."""
MARKS = "MARKS"
"""The partition of all marks. Roles name it: template.yaml."""
REVIEWS, DEADLINES = "REVIEW", "REVIEW_DEADLINE"
"""Index partitions of what waits for people, and of what the clock decides."""
TRAIL = "TRAIL#"
"""Sort-key prefix of everything that was ever done with reviews of an asset."""
RUNS = "RUN#"
"""Sort-key prefix of all runs of an asset."""
FOUND = "~"
"""Sort-key prefix of what only helps to find an asset's runs; it comes after all that is written down of them."""
VERDICTS = "VERDICTS"
"""The partition of all verdicts. The API's role names it: template.yaml."""
WEBHOOKS = "WEBHOOKS"
"""The partition of all webhooks. Roles name it: template.yaml."""
ANSWERS = "ANSWERS"
"""The partition of answers that are given again under the same ``Idempotency-Key``. The API's role names it."""


@cache
def _codecs() -> tuple[Any, Any]:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

    return TypeSerializer(), TypeDeserializer()


def to_wire(value: Any) -> Any:
    """Encode one JSON-like value; floats become exact decimals."""
    plain = json.loads(json.dumps(value), parse_float=Decimal)
    return _codecs()[0].serialize(plain)


def wired(fields: Mapping[str, Any]) -> Item:
    """Encode values by name: a key, a small item, or what an expression is bound to."""
    return {name: to_wire(value) for name, value in fields.items()}


def to_item(document: Document, extra: dict[str, Any]) -> Item:
    """Encode a document, with its keys beside it."""
    return wired({**json.loads(document.model_dump_json(exclude_none=True)), **extra})


def from_item(item: Item) -> dict[str, Any]:
    """Decode an item, without its keys."""
    decoded = {name: _codecs()[1].deserialize(value) for name, value in item.items()}
    keys = ("pk", "sk", "index_pk", "index_sk")
    return {name: _plain(value) for name, value in decoded.items() if name not in keys}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


def asset_key(asset_id: str) -> dict[str, str]:
    """Key of an asset's standing."""
    return {"pk": f"ASSET#{asset_id}", "sk": "ASSET"}


def run_key(asset_id: str, run_id: str) -> dict[str, str]:
    """Key of a run."""
    return {"pk": f"ASSET#{asset_id}", "sk": RUNS + run_id}


def callback_key(inference_id: str) -> dict[str, str]:
    """Key of a waiting callback."""
    return {"pk": f"CALLBACK#{inference_id}", "sk": "CALLBACK"}


def run_place_key(run_id: str) -> dict[str, str]:
    """Key of where a run lies, for who knows nothing but its name."""
    return {"pk": f"RUN#{run_id}", "sk": "RUN"}


def run_place_item(run: Run) -> Item:
    """Where a run lies."""
    return wired({**run_place_key(run.run_id), "asset_id": run.asset_id})


def waits_prefix(run_id: str) -> str:
    """Sort-key prefix of all that a run waits for."""
    return f"WAITS#{run_id}#"


def callback_place_key(record: Callback) -> dict[str, str]:
    """Key of which callback a run waits for."""
    return {"pk": f"ASSET#{record.asset_id}", "sk": waits_prefix(record.run_id) + record.inference_id}


def callback_place_item(record: Callback) -> Item:
    """Which callback a run waits for. The token itself is kept once, where its name is the key."""
    fields = {**callback_place_key(record), "inference_id": record.inference_id, "expires_at": record.expires_at}
    return wired(fields)


def rate_key(who: str, window: int) -> dict[str, str]:
    """Key of how often somebody asked in a minute."""
    return {"pk": f"RATE#{digest('who', who)[:40]}", "sk": str(window)}


def mark_key(name: str) -> dict[str, str]:
    """Key of a registered mark."""
    return {"pk": MARKS, "sk": name}


def review_key(asset_id: str, run_id: str) -> dict[str, str]:
    """Key of a person's work item."""
    return {"pk": f"ASSET#{asset_id}", "sk": f"REVIEW#{run_id}"}


def verdict_key(run_id: str, who: str) -> dict[str, str]:
    """Key of a person's verdict on a run: there is room for one."""
    return {"pk": VERDICTS, "sk": f"{run_id}#{digest('who', who)[:40]}"}


def stage_prefix(run_id: str) -> str:
    """Sort-key prefix of all stages of a run. Older deployments wrote them under the time of their start."""
    return f"STAGE#{run_id}#"


def index_of(status: str, moment: str, asset_id: str) -> dict[str, str]:
    """Keys in the index by status. The asset's name makes equal moments distinct."""
    return {"index_pk": status, "index_sk": f"{moment}#{asset_id}"}


def index_place(asset: AssetRecord) -> str:
    """Where an asset stands in the index, among those of its status."""
    return index_of(asset.status, timestamp(asset.updated_at), asset.asset_id)["index_sk"]


def asset_item(asset: AssetRecord) -> Item:
    """An asset's standing, listed under its status."""
    index = index_of(asset.status, timestamp(asset.updated_at), asset.asset_id)
    return to_item(asset, {**asset_key(asset.asset_id), **index})


def run_item(record: RunRecord) -> Item:
    """A run."""
    return to_item(record, run_key(record.run.asset_id, record.run.run_id))


def stage_item(record: StageRecord) -> Item:
    """A stage of a run. Its key is what was to be done, and no time: whoever does it again finds the place taken."""
    sort = f"{stage_prefix(record.run_id)}{record.stage}#{record.trial}"
    return to_item(record, {"pk": f"ASSET#{record.asset_id}", "sk": sort})


def review_item(record: ReviewRecord) -> Item:
    """A person's work item; listed while it waits, in the order in which people should look."""
    key: dict[str, Any] = review_key(record.asset_id, record.run_id)
    return to_item(record, {**key, **(review_index(record) if record.state.waits else {})})


def review_index(record: ReviewRecord) -> dict[str, str]:
    """Keys of a waiting review in the index."""
    return index_of(REVIEWS, f"{record.rank}#{timestamp(record.opened_at)}", record.asset_id)


def kept_state_key(asset_id: str, run_id: str) -> dict[str, str]:
    """Key of how far a run came."""
    return {"pk": f"ASSET#{asset_id}", "sk": f"STATE#{run_id}"}


def kept_state_item(state: RunState) -> Item:
    """How far a run came, as one text: nothing in it is ever asked for alone."""
    key, document = kept_state_key(state.run.asset_id, state.run.run_id), state.model_dump_json(exclude_none=True)
    return wired({**key, "document": document})


def deadline_key(asset_id: str, run_id: str) -> dict[str, str]:
    """Key of a review's deadline."""
    return {"pk": f"ASSET#{asset_id}", "sk": f"DEADLINE#{run_id}"}


def deadline_item(deadline: Deadline) -> Item:
    """A review's deadline, listed by the time at which it is due."""
    index = index_of(DEADLINES, timestamp(deadline.due_at), deadline.asset_id)
    return to_item(deadline, {**deadline_key(deadline.asset_id, deadline.run_id), **index})


def trail_prefix(run_id: str) -> str:
    """Sort-key prefix of a review's trail, which then comes in the order of what was done."""
    return f"{TRAIL}{run_id}#"


def trail_item(entry: TrailEntry) -> Item:
    """One deed."""
    sort = f"{trail_prefix(entry.run_id)}{timestamp(entry.at)}#{entry.what}#{digest('who', entry.by.who)[:12]}"
    return to_item(entry, {"pk": f"ASSET#{entry.asset_id}", "sk": sort})


def callback_item(record: Callback) -> Item:
    """A waiting callback."""
    return to_item(record, callback_key(record.inference_id))


def mark_item(record: MarkRecord) -> Item:
    """A registered mark."""
    return to_item(record, mark_key(record.name))


def verdict_item(record: Verdict) -> Item:
    """A person's verdict."""
    return to_item(record, verdict_key(record.run_id, record.who))
