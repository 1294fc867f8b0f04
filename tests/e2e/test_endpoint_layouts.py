"""Both endpoint layouts carry a picture through the whole chain."""

from pathlib import Path

import pytest

from infra.local import stack
from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment


def test_with_an_endpoint_for_each_stage_a_photo_is_delivered_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    with stack.temporary(stack.Options(parameters={"EndpointLayout": "per-stage"})) as info:
        deployment = Deployment(info)
        functions = deployment.aws.client("lambda").list_functions()["Functions"]
        layouts = {each["Environment"]["Variables"]["ENDPOINT_LAYOUT"] for each in functions}
        assert layouts == {"per-stage"}
        dirty = pictures.lettered(pictures.coffee(96, 96), "A", 30)
        key = deployment.key("remove-watermark", "photo.png")
        deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
        asset = deployment.outcome(deployment.put(key, pictures.encoded(dirty.photo)))
        assert asset.status is Status.DELIVERED, asset.outcome
