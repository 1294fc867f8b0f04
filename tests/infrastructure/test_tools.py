"""The judges that AWS and the field use find nothing."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("name", "arguments"), [("sam", ("validate", "--lint")), ("cfn-lint", ("template.yaml",))], ids=["sam", "cfn-lint"]
)
def test_the_template_passes(tool: Tool, name: str, arguments: tuple[str, ...]) -> None:
    done = tool(name, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_state_machine_passes_statelint(tool: Tool, definition: dict[str, Any], tmp_path: Path) -> None:
    text = json.dumps(definition)
    for name in ("Inspect", "Submit", "Judge", "Route", "Deliver", "Finish"):
        text = text.replace(f"${{{name}FunctionArn}}", f"arn:aws:lambda:us-east-1:123456789012:function:{name}")
    assert "${" not in text
    path = tmp_path / "pipeline.json"
    path.write_text(text)
    done = tool("statelint", str(path))
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr
