"""Examples in the documentation: what is fenced as ``sh`` or ``python`` and has a name is run as it stands there.

A block that begins with ```` ```sh example=NAME ```` runs in a folder of its own that holds ``photo.jpg`` and
``photo.mask.png``. A line ``# -> TEXT`` in it says what it prints. What else an example needs, and what a test looks at
afterwards, stands in ``tests/e2e/examples``: see its docstring.
"""

import importlib
import os
import re
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from infra.local import environment, home
from tests.e2e import pictures
from tests.e2e.deployment import Deployment

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(
    r"^(?P<fence>```+)(?P<language>sh|python) example=(?P<name>\S*)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S
)
_PROMISE = re.compile(r"^ *# -> (.+)$", re.M)
_PROGRAMS = {"sh": ("bash", "-euo", "pipefail", "-c"), "python": (sys.executable, "-c")}
_TIMEOUT_SECONDS = 180


@dataclass(frozen=True)
class Example:
    """One block of a document."""

    document: str
    name: str
    language: str
    text: str

    @property
    def promises(self) -> list[str]:
        """What it says that it prints, in this order."""
        return _PROMISE.findall(self.text)

    def around(self, place: "Place") -> AbstractContextManager[object]:
        """Look up what stands in ``tests/e2e/examples`` for it; nothing, for most."""
        module = f"tests.e2e.examples.{self.document.replace('-', '_')}"
        if find_spec(module) is None:
            return nullcontext()
        prepare = getattr(importlib.import_module(module), self.name.replace("-", "_"), None)
        return prepare(place) if prepare else nullcontext()


@dataclass
class Place:
    """Where an example runs: its folder, the deployment that it speaks to, and what it finds in its environment."""

    folder: Path
    deployment: Deployment
    environment: dict[str, str] = field(default_factory=dict)
    output: str = ""

    def picture(self, name: str, text: str = "PROOF") -> Path:
        """Write a photograph with letters across it, and their mask beside it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dirty = pictures.lettered(pictures.coffee(192, 144), text, 30)
        dirty.photo.save(path, quality=95)
        dirty.mask.save(path.with_suffix(".mask.png"))
        return path


def examples(folder: Path = ROOT / "docs") -> list[Example]:
    """Find every named block of the documents."""
    return [
        Example(document.stem, block["name"], block["language"], block["text"])
        for document in sorted(folder.glob("*.md"))
        for block in _BLOCK.finditer(document.read_text())
    ]


def run(example: Example, place: Place) -> None:
    """Run an example, and hold it against what it says.

    Raises
    ------
    AssertionError
        If it fails, or does not print what it promises.
    """
    place.environment |= _environment(place)
    place.picture("photo.jpg")
    with example.around(place):
        done = subprocess.run(
            [*_PROGRAMS[example.language], example.text],
            cwd=place.folder,
            env=place.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        place.output = done.stdout
        assert done.returncode == 0, f"{example.name} ended with {done.returncode}:\n{done.stdout}"
        position = 0
        for promise in example.promises:
            position = done.stdout.find(promise, position)
            assert position >= 0, f"{example.name} does not print {promise!r}:\n{done.stdout}"


def _environment(place: Place) -> dict[str, str]:
    """What a reader has set up before: the programs, the stack that runs, and its names as variables."""
    info = place.deployment.info
    programs = (str(Path(sys.executable).parent), os.environ["PATH"], str(ROOT / ".venv" / "aws" / "bin"))
    return {
        **environment.without_aws(os.environ),
        **environment.for_clients(info),
        **environment.for_examples(info),
        "PATH": os.pathsep.join(programs),
        "PYTHONPATH": str(ROOT),  # the project as it is here, wherever the interpreter has it installed from
        "CLEANPLATE_HOME": str(home.home()),
        "COLUMNS": "120",
    }
