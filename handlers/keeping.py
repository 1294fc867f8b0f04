"""Every recipe that a run uses is kept for ever by its hash, with the words that it worked with."""

from handlers import recipes
from handlers.aws import recipes as store
from schemas.recipe import Recipe

_MOST = 10_000
_kept: set[str] = set()
"""Hashes and shipped versions that this function has seen kept: the same recipe serves many uploads."""


def keep(recipe: Recipe) -> None:
    """Keep a recipe, before a run with it is written down, so that the hash of every run leads somewhere.

    The version that it is made of is kept as well where it only ships: the next deployment may ship another.
    """
    if recipe.sha256 in _kept:
        return
    if len(_kept) > _MOST:
        forget()
    store.keep(recipe)
    _kept.add(recipe.sha256)
    ships = recipes.shipped_version(recipe.name)
    if ships is not None and ships.recipe.version == recipe.version and ships.recipe.reference not in _kept:
        store.keep_shipped(ships)
        _kept.add(ships.recipe.reference)


def forget() -> None:
    """Remember nothing."""
    _kept.clear()
