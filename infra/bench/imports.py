"""How long a Lambda takes to import its handler, and what it drags in."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.bench.figures import Figure

_TRIES = 5
_LIMIT_MS = 400
_FORBIDDEN = ("torch", "numpy", "sagemaker", "cv2", "inference")
_PROGRAM = f"""
import sys, time
began = time.perf_counter()
__import__(sys.argv[1])
print((time.perf_counter() - began) * 1000, *sorted(set(sys.modules) & set({_FORBIDDEN!r})))
"""
_ROOT = Path(__file__).parents[2]


def entry_modules() -> list[str]:
    """Name every module that a function of the template starts from."""
    from infra.local.template import load

    resources = load(_ROOT / "template.yaml")["Resources"].values()
    handlers = (resource.get("Properties", {}).get("Handler", "") for resource in resources)
    return sorted({handler.rpartition(".")[0] for handler in handlers if handler})


def import_figures() -> Iterator[Figure]:
    """Measure each handler in fresh interpreters.

    The shortest of several tries counts: whatever else the machine does can only make an import longer.
    """
    for module in entry_modules():
        tries = [_import(module) for _ in range(_TRIES)]
        dragged_in = sorted({name for _, names in tries for name in names})
        yield Figure(f"import {module}", min(ms for ms, _ in tries), _LIMIT_MS, "ms", f"shortest of {_TRIES}")
        if dragged_in:
            yield Figure(f"{module} drags in {', '.join(dragged_in)}", len(dragged_in), 0, "modules")


def _import(module: str) -> tuple[float, list[str]]:
    command = [sys.executable, "-c", _PROGRAM, module]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=_ROOT)  # noqa: S603  ourselves
    milliseconds, *names = answer.stdout.split()
    return float(milliseconds), names
