"""Which endpoints the template has deployed: a small JSON file that the emulator writes and the runtime reads."""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Properties = dict[str, Any]


@dataclass(frozen=True)
class AsyncOutput:
    """Where an endpoint's asynchronous answers go: ``AsyncInferenceConfig`` of its configuration."""

    output_path: str
    failure_path: str | None
    success_topic: str | None
    error_topic: str | None


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as deployed; ``output`` is None where it is synchronous only."""

    name: str
    variant: str
    output: AsyncOutput | None


class EndpointRegistry:
    """The properties of ``AWS::SageMaker::*`` resources by kind and name.

    Parameters
    ----------
    path
        The JSON file. It need not exist yet. Writers take a lock beside it; readers always see a whole file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, kind: str, name: str, props: Properties) -> None:
        """Record a resource, over an older one of that name."""
        with self._changing() as resources:
            resources.setdefault(kind, {})[name] = props

    def remove(self, kind: str, name: str) -> None:
        """Forget a resource; names are compared without case, because ARNs hold them in lower case."""
        with self._changing() as resources:
            named = resources.get(kind, {})
            for known in [known for known in named if known.lower() == name.lower()]:
                del named[known]

    def endpoint(self, name: str) -> Endpoint | None:
        """Return an endpoint with its configuration, or None where there is no such endpoint."""
        resources = self._read()
        endpoint = resources.get("Endpoint", {}).get(name)
        if endpoint is None:
            return None
        config = resources.get("EndpointConfig", {}).get(endpoint["EndpointConfigName"], {})
        variants = config.get("ProductionVariants") or [{}]
        return Endpoint(name, variants[0].get("VariantName", "AllTraffic"), _async_output(config))

    def names(self) -> list[str]:
        """Return all endpoint names, sorted."""
        return sorted(self._read().get("Endpoint", {}))

    def _read(self) -> dict[str, dict[str, Properties]]:
        with contextlib.suppress(FileNotFoundError):
            resources: dict[str, dict[str, Properties]] = json.loads(self._path.read_text())
            return resources
        return {}

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, dict[str, Properties]]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            resources = self._read()
            yield resources
            descriptor, draft = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(descriptor, "w") as file:
                json.dump(resources, file, indent=1)
            Path(draft).replace(self._path)


def _async_output(config: Properties) -> AsyncOutput | None:
    output = config.get("AsyncInferenceConfig", {}).get("OutputConfig")
    if not output:
        return None
    topics = output.get("NotificationConfig", {})
    return AsyncOutput(
        output_path=output["S3OutputPath"],
        failure_path=output.get("S3FailurePath"),
        success_topic=topics.get("SuccessTopic"),
        error_topic=topics.get("ErrorTopic"),
    )
