"""Cards that come with the pixel models are complete and lead to an adapter."""

import importlib
from pathlib import Path

import pytest
import yaml

from schemas.model_card import ModelCard
from schemas.stage import Stage

CARDS = sorted((Path(__file__).parents[4] / "inference" / "cards").glob("*.yaml"))
PIXELS = {Stage.INPAINT, Stage.REFINE, Stage.UPSCALE, Stage.ASSESS}


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_a_card_is_named_like_its_file_and_its_adapter_exists(path):
    card = ModelCard.model_validate(yaml.safe_load(path.read_text()))
    assert card.name == path.stem
    if card.stage in PIXELS:
        module, name = card.adapter.split(":")
        adapter = getattr(importlib.import_module(module), name)
        if not card.weights and not card.needs:
            assert adapter(card, {}).card is card
