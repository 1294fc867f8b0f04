"""A manifest never names a file that is not there, wherever a delivery dies, and asking again finishes it."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import deliver
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.keys import asset_manifest_key, manifest_key
from schemas.pointers import S3Pointer
from schemas.run import RunState
from schemas.stage import Stage
from tests import documents
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.dying import Died, dying
from tests.unit.handlers.journeys import at_delivery, begin, standing

MOST_CALLS = 60


def lying() -> dict[str, int]:
    """List all that lies in the delivery bucket, with the sizes in bytes."""
    listed = client("s3").list_objects_v2(Bucket=DELIVERY).get("Contents", [])
    return {each["Key"]: each["Size"] for each in listed}


def manifests() -> dict[str, Any]:
    """Read all manifests, and hold each against the files that it names."""
    sizes, found = lying(), {}
    for key in sizes:
        if key.endswith(".json"):
            found[key] = json.load(client("s3").get_object(Bucket=DELIVERY, Key=key)["Body"])
            for file in found[key]["renditions"]:
                assert sizes.get(file["key"]) == file["size_bytes"] > 0, f"{key} names what is not there"
    return found


def swept() -> None:
    """Start from an empty delivery bucket."""
    for key in lying():
        client("s3").delete_object(Bucket=DELIVERY, Key=key)


def enlarged(source: S3Pointer) -> RunState:
    return at_delivery(begin(source, documents.ENLARGE), Stage.UPSCALE, Stage.ASSESS_UPSCALED)


@pytest.mark.parametrize("answered", [False, True], ids=["before", "answer-lost"])
def test_a_delivery_that_dies_at_any_call_is_finished_by_the_next(upload: Upload, answered: bool) -> None:
    """The second upload of a key is delivered: both its manifests, and what the first one's says."""
    for call in range(MOST_CALLS):
        swept()
        key = f"trip/{call}.jpg"
        older = enlarged(upload(key, b"first"))
        deliver.deliver(older)
        state = enlarged(upload(key, b"second"))
        with suppress(Died), dying(call, answered=answered) as made:
            deliver.deliver(state)
        manifests()
        assert deliver.deliver(state).status is Status.DELIVERED
        found = manifests()
        own, named = found[asset_manifest_key(state.run.asset_id)], found[manifest_key(key)]
        assert own == named
        assert (own["asset_id"], own["replaces"]) == (state.run.asset_id, older.run.asset_id)
        assert found[asset_manifest_key(older.run.asset_id)]["replaced_by"] == state.run.asset_id
        assert standing(state.run).status is Status.DELIVERED
        if len(made) <= call:  # there is no later call to die at
            break
    assert 15 < len(made) < MOST_CALLS


steps = st.lists(
    st.tuples(st.sampled_from(["upload", "again", "deliver"]), st.integers(0, 3), st.integers(0, 40), st.booleans()),
    min_size=3,
    max_size=9,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_at_every_moment_every_file_that_a_manifest_names_is_there(
    upload: Upload, taken: list[tuple[str, int, int, bool]]
) -> None:
    """Uploads of one key, runs of the same upload and deliveries that die anywhere, in any order."""
    swept()
    states = [enlarged(upload("trip/photo.jpg", b"0"))]
    for number, (does, which, call, answered) in enumerate(taken, start=1):
        if does == "upload":
            states.append(enlarged(upload("trip/photo.jpg", str(number).encode())))
        elif does == "again" and not standing(states[-1].run).status.is_outcome:
            mask = documents.MASK.model_copy(update={"version_id": f"m{number}"})
            run = begin(states[-1].run.source, documents.ENLARGE, mask=mask)
            states.append(at_delivery(run, Stage.UPSCALE, Stage.ASSESS_UPSCALED))
        else:
            with suppress(Died), dying(call, answered=answered):
                deliver.deliver(states[-1 - which % len(states)])
        manifests()
    for state in states:
        deliver.deliver(state)
        manifests()
    newest, found = states[-1].run, manifests()
    assert found[manifest_key("trip/photo.jpg")]["run_id"] == newest.run_id
    assert found[asset_manifest_key(newest.asset_id)] == found[manifest_key("trip/photo.jpg")]
    for document in found.values():
        assert (document["asset_id"] == newest.asset_id) == ("replaced_by" not in document)
