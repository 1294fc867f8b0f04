"""Copies of what a deployment is made of, with recipes that do not ship."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local.programs import TEMPLATE

MADE_OF = (
    "infra/pipeline.asl.yaml",
    "infra/batch.asl.yaml",
    "infra/prices.yaml",
    "infra/recipes",
    "handlers",
    "schemas",
    "template.yaml",
)


def project_with(recipes: Mapping[str, Mapping[str, Any]], folder: Path) -> Path:
    """Copy the project with these recipes beside those that ship; return its template."""
    for name in MADE_OF:
        source, target = TEMPLATE.parent / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    for name, steps in recipes.items():
        recipe = {"name": name, "version": 1, "summary": "For a test.", **steps}
        # JSON is YAML too, and has no aliases, which recipes may not have.
        (folder / "infra" / "recipes" / f"{name}.yaml").write_text(json.dumps(recipe))
    return folder / "template.yaml"
