"""The judges that AWS and the field use find nothing."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize(
    ("name", "arguments"), [("sam", ("validate", "--lint")), ("cfn-lint", ("template.yaml",))], ids=["sam", "cfn-lint"]
)
def test_the_template_passes(tool: Tool, name: str, arguments: tuple[str, ...]) -> None:
    done = tool(name, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


NEWER_THAN_STATELINT = {
    # AWS documents both: "ItemReader" (JSONL), and JSONata in MaxConcurrency.
    'Field "InputType" not allowed in State Machine.States.Pictures.ItemReader.ReaderConfig',
    'State Machine.States.Pictures.MaxConcurrency is "{% $states.input.concurrency %}" but should be numeric',
}


@pytest.mark.parametrize(
    ("machine", "accepted"), [("definition", set()), ("batch_definition", NEWER_THAN_STATELINT)], ids=["run", "batch"]
)
def test_the_state_machine_passes_statelint(
    tool: Tool, machine: str, accepted: set[str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    text = json.dumps(request.getfixturevalue(machine))
    for name in (
        "Inspect",
        "Submit",
        "Judge",
        "Route",
        "Render",
        "Deliver",
        "Finish",
        "BatchList",
        "BatchItem",
        "BatchClose",
    ):
        text = text.replace(f"${{{name}FunctionArn}}", f"arn:aws:lambda:us-east-1:123456789012:function:{name}")
    assert "${" not in text
    path = tmp_path / "pipeline.json"
    path.write_text(text)
    done = tool("statelint", str(path))
    found = {line.strip() for line in done.stdout.splitlines() if line.strip() and not re.match(r"\d+ errors?:", line)}
    assert found == accepted, done.stdout + done.stderr
