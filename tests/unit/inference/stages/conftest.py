"""A bench: files go in, stages run one after the other, as the chain would do it."""

from pathlib import Path
from typing import Any

import pytest

from inference.artifacts import DirectoryArtifactStore
from inference.pictures import Picture, decode
from inference.stages.dispatch import run_stage
from inference.stages.job import ENLARGED
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageRequest, StageResult
from tests.unit.inference.small_models import SmallModels


class Bench:
    """Runs stages over a folder."""

    def __init__(self, root: Path) -> None:
        self.store = DirectoryArtifactStore(root)
        self.models = SmallModels()

    def put(self, name: str, data: bytes) -> S3Pointer:
        return self.store.put(S3Pointer(bucket="inbox", key=name), data, "application/octet-stream")

    def run(self, stage: str, model: str, inputs: dict[str, S3Pointer], **parameters: Any) -> StageResult:
        request = StageRequest.build(Stage(stage), model, inputs, parameters, work_bucket="work")
        return run_stage(request, self.store, self.models)

    def repair(self, source: bytes, mask: bytes, **parameters: Any) -> dict[str, StageResult]:
        """Mask, inpaint, refine and assess."""
        inputs = {"source": self.put("photo", source)}
        done = {"mask": self.run("mask", "supplied-mask", {**inputs, "mask": self.put("mask", mask)})}
        inputs["mask"] = done["mask"].outputs["mask"]
        done["inpaint"] = self.run("inpaint", "mean", inputs)
        inputs["edits"] = done["inpaint"].outputs["edits"]
        refined = {name: inputs[name] for name in ("source", "edits")}
        done["refine"] = self.run("refine", "feather", refined, **parameters)
        done["assess"] = self.run("assess", "comparison", {**inputs, **done["refine"].outputs})
        return done

    def read(self, pointer: S3Pointer) -> bytes:
        return self.store.get(pointer, max_bytes=1 << 30)

    def picture(self, pointer: S3Pointer) -> Picture:
        return decode(self.read(pointer), ENLARGED)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
