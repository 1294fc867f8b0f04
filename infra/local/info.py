"""What one needs to know to use a running stack."""

import os
from pathlib import Path

from schemas.pointers import Document


class Ports(Document):
    """Ports on the loopback interface, the same ones at every start as long as they are free."""

    emulator: int
    container: int
    runtime: int


class StackInfo(Document):
    """A deployed stack: where it answers, and what the template made."""

    state_dir: Path
    stack_name: str
    account: str
    region: str
    ports: Ports
    outputs: dict[str, str] = {}

    @property
    def endpoint_url(self) -> str:
        """Address of every AWS service."""
        return f"http://127.0.0.1:{self.ports.emulator}"

    @property
    def runtime_url(self) -> str:
        """Address of the SageMaker runtime itself, which asks nobody for rights; callers go through the emulator."""
        return f"http://127.0.0.1:{self.ports.runtime}"

    @property
    def container_url(self) -> str:
        """Address of the serving program itself."""
        return f"http://127.0.0.1:{self.ports.container}"

    @property
    def api_url(self) -> str:
        """Address of the HTTP API; on AWS it is the output ``ApiUrl``."""
        return f"{self.endpoint_url}/_aws/execute-api/{self.outputs['ApiId']}/$default"

    @classmethod
    def load(cls, state_dir: Path) -> "StackInfo | None":
        """Read what ``save`` left, or None."""
        try:
            return cls.model_validate_json((state_dir / "stack.json").read_text())
        except (OSError, ValueError):
            return None

    def save(self) -> None:
        """Write ``stack.json`` into the state folder, whole or not at all."""
        path = self.state_dir / "stack.json"
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(self.model_dump_json(indent=2))
        draft.replace(path)
