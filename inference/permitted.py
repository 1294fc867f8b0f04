"""A registry that gives a stage only models that the recipe's policy permits."""

from typing import Any

from inference.registry import Models
from schemas.model_card import ModelCard
from schemas.permission import check_permitted
from schemas.policy import Permission
from schemas.stage import Stage


class Permitted:
    """Checks whatever a stage loads, its own model and any other: a stage cannot forget to.

    Parameters
    ----------
    models
        The registry.
    permission
        From the request.
    """

    def __init__(self, models: Models, permission: Permission) -> None:
        self._models = models
        self._permission = permission

    def card(self, name: str, stage: Stage | None = None) -> ModelCard:
        """Find a card; reading about a model needs no permission."""
        return self._models.card(name, stage)

    def load(self, name: str) -> Any:
        """Return a ready adapter.

        Raises
        ------
        PermanentFailure
            ``not_permitted``, before anything of the model is read, and what the registry raises.
        """
        check_permitted(self._models.card(name), self._permission)
        return self._models.load(name)

    def release(self) -> None:
        """Let go of all loaded adapters."""
        self._models.release()
