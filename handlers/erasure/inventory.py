"""What there is of an asset, read from its partition of the table: names under which more of it lies elsewhere."""

import json
import re
from typing import NamedTuple

from handlers.aws import table
from handlers.aws.shared import MADE
from schemas.ids import is_run_id

_PLACE = re.compile(r"stages/[a-z-]+/[0-9A-Za-z-]+/")
"""Where a stage leaves what it made, wherever in a record it is named."""


class Inventory(NamedTuple):
    """Names of what belongs to an asset."""

    runs: list[str]
    places: list[str]
    inferences: list[str]
    recipes: list[str]
    batches: list[tuple[str, str]]
    keys: list[dict[str, str]]
    """Of all its records in its own partition but its standing."""


def take(asset_id: str) -> Inventory:
    """Read what there is of an asset, as it is now. Nothing has to be readable as what it was meant to be.

    Recipes are those with words of somebody's own; others are the deployment's.
    """
    runs, places, inferences, recipes = set[str](), set[str](), set[str](), set[str]()
    batches, keys = [], []
    for sort, fields in table.partition(f"ASSET#{asset_id}", "reading what there is"):
        kind, _, rest = sort.partition("#")
        if sort != "ASSET":
            keys.append({"pk": f"ASSET#{asset_id}", "sk": sort})
        if kind == "RUN":
            runs.add(rest)
            if fields.get("run", {}).get("recipe", {}).get("prompt"):
                recipes.add(fields["recipe_sha256"])
        elif kind == "WAITS":
            inferences.add(rest.rpartition("#")[2])
        elif kind == "BATCH":
            batches.append((fields["batch_id"], fields["key"]))
        elif sort.startswith(MADE):
            places.add(rest)
        places |= set(_PLACE.findall(json.dumps(fields)))
    known = sorted(run for run in runs if is_run_id(run))
    places |= {f"stages/render/{run}/" for run in known}  # named by the run, and written without a word beforehand
    return Inventory(known, sorted(places), sorted(inferences), sorted(recipes), batches, keys)
