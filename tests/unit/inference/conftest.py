"""Tiny nets, saved once a run and loaded through cards, checksums and the registry."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from inference.registry import Registry
from tests.unit.inference.tiny.store import registry_of


class TinyModels:
    """Registered models by the names of shipped cards, saved when they are first asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.load = cache(self._load)
        self.folder = cache(self._folder)

    def registry(self, *names: str) -> Registry:
        """A registry that holds these models."""
        (root := self.root / "-".join(names)).mkdir(exist_ok=True)
        return registry_of(root, {name: self.folder(name) for name in names})

    def _load(self, name: str) -> Any:
        return self.registry(name).load(name)

    def _folder(self, name: str) -> Path:
        from tests.unit.inference.tiny.saved import SAVED

        folder = self.root / "saved" / name
        SAVED[name](folder)
        return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModels:
    return TinyModels(tmp_path_factory.mktemp("tiny"))
