"""People are not for models that invent: a made-up eye or tooth is somebody else's face."""

import cv2
import numpy as np

from inference.protocols import Found, Rgb
from inference.registry import Models
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard
from schemas.stage import Stage

DETECTOR = "person"
"""Model of the mask stage that looks for people; faces alone are found by it too."""

_SIDE = 1024
"""Pixels. It finds people from a tenth of a picture's height, which are 100 pixels here: larger pictures only cost
time, 20 s at 12 megapixels instead of half a second."""


def refuse_people(card: ModelCard, rgb: Rgb, models: Models) -> None:
    """Refuse to let a generative model work on a picture with people in it. Faithful models pass unseen.

    Parameters
    ----------
    card
        Of the model that is about to work.
    rgb
        The picture that it would get.

    Raises
    ------
    PermanentFailure
        ``people_in_picture``; or ``weights_missing`` where nothing here can look for people.
    """
    if not card.generative:
        return
    look = models.card(DETECTOR, Stage.MASK)
    found: Found = models.load(DETECTOR).find(_reduced(rgb), supplied=None, box=None, parameters=look.defaults)
    if found.detections:
        message = (
            f"`{card.name}` invents detail, which is not allowed on people, and there are people in the picture "
            f"({len(found.detections)} found). Name a faithful model in the recipe, or let a person decide."
        )
        raise PermanentFailure(message, code="people_in_picture")


def _reduced(rgb: Rgb) -> Rgb:
    factor = _SIDE / max(rgb.shape[:2])
    if factor >= 1:
        return rgb
    size = max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
