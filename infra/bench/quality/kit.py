"""The kit of photographs and tasks that pictures are measured with. It is not part of the project: its path is given.

A kit is a folder with ``photos/``, with ``make_tasks.py``, which draws the tasks (the same ones everywhere), and with
``metrics.py`` and ``score.py``, which hold the figures and the peers. It is copied before use, because tasks are
written beside it.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.protocols import Mask, Rgb
from infra.bench.quality.stamped import draw
from schemas.errors import BadInput

_SPLIT = "open"
_STAMPED = "stamped"


@dataclass(frozen=True)
class Task:
    """A picture with something to do, and what it looked like before.

    Parameters
    ----------
    task, kind
        ``hole``, ``wm``, ``obj``, ``grain``, ``sr`` or ``control``, and its sort.
    input, truth, mask, affected
        Paths in the kit; ``mask`` is None where none is given, ``affected`` where the mask says it already.
    facts
        Whatever else the kit knows: ``scale``, ``box``, ``artwork``, ``folder``, ``expect``.
    """

    id: str
    task: str
    kind: str
    input: str
    truth: str
    mask: str | None
    affected: str | None
    facts: dict[str, Any]


class Kit:
    """A working copy of a kit.

    Parameters
    ----------
    root
        Folder of the copy, with tasks in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def copied(cls, source: Path, to: Path) -> "Kit":
        """Copy a kit, once, and let it draw its tasks.

        Raises
        ------
        BadInput
            ``kit`` where the folder is none.
        """
        if not (source / "make_tasks.py").is_file():
            raise BadInput(f"{source} is no kit: there is no make_tasks.py in it.", code="kit")
        if not (to / "tasks" / _SPLIT / "tasks.jsonl").is_file():
            shutil.copytree(source, to, dirs_exist_ok=True, copy_function=shutil.copyfile)
            command = [sys.executable, "make_tasks.py", "--split", _SPLIT, "--root", str(to.resolve())]
            subprocess.run(command, cwd=to, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  the user's own kit
        kit = cls(to)
        if not (to / "tasks" / _STAMPED / "tasks.jsonl").is_file():
            draw(to, kit.photographs)
        return kit

    @property
    def photographs(self) -> list[Path]:
        """Every photograph, by name."""
        return sorted((self.root / "photos" / _SPLIT).iterdir())

    @cached_property
    def tasks(self) -> list[Task]:
        """All tasks of the kit but its damaged masks, which tests know; ours; then every photograph as it is."""
        lists = [self.root / "tasks" / name / "tasks.jsonl" for name in (_SPLIT, _STAMPED)]
        made = [_task(json.loads(line)) for path in lists for line in path.read_text().splitlines()]
        clean = [_clean(path, self.root) for path in self.photographs]
        return [task for task in made if task.task != "control"] + clean

    @cached_property
    def metrics(self) -> ModuleType:
        """The kit's figures."""
        return self._module("metrics")

    @cached_property
    def score(self) -> ModuleType:
        """The kit's scorer, with the peers in it: ``INP`` fills, ``SR`` enlarges."""
        sys.path.insert(0, str(self.root))  # score.py imports metrics.py
        return self._module("score")

    def bytes(self, path: str) -> bytes:
        """Read a file of the kit."""
        return (self.root / path).read_bytes()

    def rgb(self, path: str) -> Rgb:
        """Decode a picture of the kit."""
        with Image.open(self.root / path) as image:
            return np.asarray(image.convert("RGB"))

    def mask(self, path: str) -> Mask:
        """Decode a mask of the kit."""
        with Image.open(self.root / path) as image:
            values: NDArray[np.uint8] = np.asarray(image.convert("L"))
        return values > 127

    def _module(self, name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"kit_{name}", self.root / f"{name}.py")
        if spec is None or spec.loader is None:
            raise BadInput(f"The kit has no {name}.py.", code="kit")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def _clean(path: Path, root: Path) -> Task:
    """Ask for nothing: whatever is changed is a mistake."""
    name = path.relative_to(root).as_posix()
    return Task(f"clean_{path.stem}", "control", "clean", name, name, None, None, {})


def _task(entry: dict[str, Any]) -> Task:
    known = {"id", "task", "kind", "input", "gt", "mask", "affected"}
    return Task(
        id=entry["id"],
        task=entry["task"],
        kind=entry["kind"],
        input=entry["input"],
        truth=entry["gt"],
        mask=entry["mask"],
        affected=entry["affected"],
        facts={name: value for name, value in entry.items() if name not in known},
    )
