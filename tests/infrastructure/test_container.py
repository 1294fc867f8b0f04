"""The serving container has what the models import, in the versions that are tested here, and one process a GPU."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata

from inference.server import _parser
from tests.infrastructure.conftest import ROOT, Resources

OfType = Callable[[str], Resources]
IN_THE_BASE = {"torch", "torchvision"}
ELSEWHERE = {"sagemaker-inference", "botocore", "pydantic-core"}
"""AWS's own image has the first; the others come with boto3 and pydantic."""
CONTAINER = ROOT / "infra" / "container"


def _imported() -> set[str]:
    """Distributions that the serving program imports, wherever in a file."""
    modules = set()
    for path in (*(ROOT / "inference").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules |= {name.partition(".")[0] for name in names}
    modules -= {*sys.stdlib_module_names, "inference", "schemas", ""}
    distributions = metadata.packages_distributions()
    return {distributions[module][0].lower().replace("_", "-") for module in modules}


def _listed() -> set[str]:
    lines = (CONTAINER / "requirements.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_the_container_installs_what_the_models_import_and_no_torch() -> None:
    assert _imported() - IN_THE_BASE - ELSEWHERE <= _listed()
    assert not _listed() & IN_THE_BASE


def test_every_version_in_the_container_is_the_one_that_is_tested() -> None:
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "requirements" / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    assert _listed() | IN_THE_BASE <= pinned


def test_the_base_image_brings_the_torch_that_is_tested() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted = dict(line.split("==") for line in extras["gpu"] if line.partition("==")[0] in IN_THE_BASE)
    text = (CONTAINER / "Dockerfile").read_text()
    assert f"PyTorch {wanted['torch']}, torchvision {wanted['torchvision']}" in text
    (tag,) = re.findall(r"^ARG BASE=\S+/pytorch:(\d+\.\d+)-cu\d+-\S+$", text, re.MULTILINE)
    assert wanted["torch"].startswith(f"{tag}.")


def test_what_sagemaker_starts_is_our_server_where_sagemaker_asks() -> None:
    (line,) = [line for line in (CONTAINER / "serve").read_text().splitlines() if line.startswith("exec ")]
    assert line.startswith("exec python -m inference.server ")
    options = _parser().parse_args(line.split()[4:])
    assert (options.host, options.port, options.workers) == ("0.0.0.0", 8080, 1)
    assert options.model_dir == "/opt/ml/model"
    assert (CONTAINER / "serve").stat().st_mode & 0o111


def test_one_process_serves_a_gpu_and_has_time_to_read_its_models(of_type: OfType) -> None:
    (model,) = of_type("AWS::SageMaker::Model").values()
    environment = model["Properties"]["PrimaryContainer"]["Environment"]
    assert environment["SAGEMAKER_MODEL_SERVER_WORKERS"] == "1"
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["CLEANPLATE_WARM"] == {"Ref": "WarmModels"}
    for name, config in of_type("AWS::SageMaker::EndpointConfig").items():
        (variant,) = config["Properties"]["ProductionVariants"]
        ready = variant["ContainerStartupHealthCheckTimeoutInSeconds"]
        assert int(environment["TS_DEFAULT_STARTUP_TIMEOUT"]) <= ready <= 3600, name
        assert 60 <= variant["ModelDataDownloadTimeoutInSeconds"] <= 3600, name
