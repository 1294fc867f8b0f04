"""Whether a model may do what it is asked: its card against the permission that the recipe's policy gave."""

from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from schemas.policy import Permission


def check_permitted(card: ModelCard, permission: Permission) -> None:
    """Let a model pass, or say why it may not work on this picture.

    Raises
    ------
    PermanentFailure
        ``not_permitted``.
    """
    if card.generative and not permission.invent:
        message = (
            f"`{card.name}` may invent content that was never photographed, and the recipe is conservative. "
            "Name a faithful model in the recipe, or let a person decide."
        )
        raise PermanentFailure(message, code="not_permitted")
    if not card.commercial_use and not permission.non_commercial:
        message = (
            f"The licence of `{card.name}` ({card.licence}) forbids commercial use, and the recipe is conservative."
        )
        raise PermanentFailure(message, code="not_permitted")
