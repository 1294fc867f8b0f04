"""The recipes: as deployed, or as shipped where nothing is deployed yet."""

from pathlib import Path

import yaml

from infra.cli.target import connect
from schemas.errors import PermanentFailure
from schemas.recipe import Recipe

_SHIPPED = Path(__file__).parent.parent / "recipes"


def known_recipes(stack: str | None, region: str | None, profile: str | None) -> list[Recipe]:
    """Ask the deployment; where no stack runs on this machine, read the files that `up` would deploy."""
    try:
        client = connect(stack, region, profile)
    except PermanentFailure:
        if stack:
            raise
        return [Recipe.model_validate(yaml.safe_load(path.read_text())) for path in sorted(_SHIPPED.glob("*.yaml"))]
    return client.recipes()
