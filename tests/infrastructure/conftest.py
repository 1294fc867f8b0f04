"""The template as written, as SAM expands it, and as each layout of the endpoints deploys it."""

import json
import os
import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from samtranslator.translator.transform import transform

from infra.local import template as reader

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv" / "tools" / "bin"
Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    """Read template.yaml as it is written."""
    return reader.load(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    """Read the state machine."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "pipeline.asl.yaml").read_text())
    return document


@pytest.fixture(scope="session")
def batch_definition() -> dict[str, Any]:
    """Read the state machine of batches."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "batch.asl.yaml").read_text())
    return document


@pytest.fixture(scope="session")
def resources(template: dict[str, Any]) -> Resources:
    """Expand the template as AWS does, so that the roles and permissions SAM adds are judged too."""
    packaged = deepcopy(template)
    packaged["Globals"]["Function"]["CodeUri"] = "s3://artifacts/code.zip"
    for resource in packaged["Resources"].values():
        for name in ("ContentUri", "DefinitionUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://artifacts/packaged"

    class NoManagedPolicies:
        """The template names its policies; a lookup in an account is not needed."""

        def load(self) -> dict[str, str]:
            return {}

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        expanded: Resources = transform(packaged, {"ModelBucket": "models"}, NoManagedPolicies())["Resources"]
    return {name: {"Properties": {}} | found for name, found in expanded.items()}


@pytest.fixture(scope="session")
def of_type(resources: Resources) -> Callable[[str], Resources]:
    """Select the expanded resources of one type."""
    return lambda kind: {name: found for name, found in resources.items() if found["Type"] == kind}


@pytest.fixture(scope="session")
def tool() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one of the tools that live in a virtual environment of their own."""

    def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = TOOLS / name
        if not program.exists():
            pytest.fail(f"{program.relative_to(ROOT)} is missing: run `make check` once, which sets the tools up")
        environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "us-east-1"}
        return subprocess.run(
            [program, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
        )

    return run


def as_text(value: Any) -> str:
    """Write a value with its intrinsic functions as one line, for looking into."""
    return json.dumps(value, sort_keys=True)
