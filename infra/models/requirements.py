"""What the serving program has to install beside what its container brings: found by what it imports."""

import ast
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

ROOT = Path(__file__).parents[2]
PACKAGES = ("inference", "schemas")
ENTRY = "inference.toolkit"
IN_THE_IMAGE = frozenset({"torch", "torchvision", "sagemaker_inference"})
"""Modules of AWS's PyTorch inference image, built for its GPU: another build would only be in the way."""
_COMPANIONS = {"diffusers": ("accelerate",), "transformers": ("accelerate",)}
"""Modules that others import only when they are there, and that our adapters count on."""


def requirements(cards: Iterable[ModelCard]) -> list[str]:
    """Exact versions, those that are installed and so tested here, of what these models' adapters import.

    Imports inside functions count as well: that is how adapters import what is slow to load.

    Raises
    ------
    PermanentFailure
        ``library_missing`` for an adapter whose library is not installed here, so that no version of it is known.
    """
    wanted = set(_third_parties({ENTRY, *(card.adapter.partition(":")[0] for card in cards)}))
    wanted |= {companion for module in wanted for companion in _COMPANIONS.get(module, ())}
    distributions = metadata.packages_distributions()
    pins = set()
    for module in wanted - IN_THE_IMAGE:
        if module not in distributions:
            message = f"Packing these models takes {module} here, to know its version: install the `gpu` extra."
            raise PermanentFailure(message, code="library_missing")
        name = distributions[module][0]
        pins.add(f"{name.lower()}=={metadata.version(name)}")
    return sorted(pins)


def _third_parties(start: set[str]) -> Iterator[str]:
    """Names of packages that are neither ours nor Python's, from these modules of ours and all that they import."""
    waiting, seen = set(start), set[str]()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        for name in _imports(_file(module)):
            top = name.partition(".")[0]
            if top in PACKAGES:
                waiting |= {name} - seen
            elif top not in sys.stdlib_module_names:
                yield top


def _imports(path: Path | None) -> Iterator[str]:
    if path is None:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)  # which may be modules themselves


def _file(module: str) -> Path | None:
    """Where one of our modules lies; ``None`` for what is a name in a module."""
    path = ROOT.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
