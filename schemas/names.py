"""How recipes and models are called."""

from typing import Annotated

from pydantic import StringConstraints

_RECIPE, _MODEL = r"^[a-z][a-z0-9-]{1,47}$", r"^[a-z0-9][a-z0-9.-]{0,62}$"
RecipeName = Annotated[str, StringConstraints(pattern=_RECIPE)]
ModelName = Annotated[str, StringConstraints(pattern=_MODEL)]

RECIPE_NAMES = "a recipe's name has 2 to 48 small letters, digits and hyphens, a letter first"
FORMS = {
    _RECIPE: RECIPE_NAMES,
    _MODEL: "a model's name has 1 to 63 small letters, digits, dots and hyphens",
}
"""What the patterns ask for, in words."""
