"""How the commands speak about licences, sizes and places."""

from schemas.model_card import ModelCard


def use(card: ModelCard) -> str:
    """Say what a licence leaves to a business."""
    return "commercial use allowed" if card.commercial_use else "NO commercial use"


def licence_line(card: ModelCard) -> str:
    """What is shown before anything of a model is fetched."""
    return f"{card.name}: licence {card.licence}, {use(card)}. Fetching it means accepting that; it is written down."


def size(count: int) -> str:
    """Bytes for people: ``0.8 MB``, ``5.1 GB``; nothing for none."""
    if not count:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
