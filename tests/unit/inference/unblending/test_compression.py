"""What JPEG left in a picture is read off it."""

import io

import numpy as np
import pytest
from PIL import Image

from inference.unblending.compression import compression_noise
from tests.unit.inference.files import file_of, photograph


def compressed(quality: int) -> np.ndarray:
    data = file_of(photograph("coffee", 176, 256), "JPEG", quality=quality, subsampling=0)
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def test_a_picture_that_was_never_compressed_has_none() -> None:
    assert compression_noise(photograph("coffee", 176, 256)) == 0


def test_it_grows_as_quality_falls() -> None:
    noises = [compression_noise(compressed(quality)) for quality in (92, 80, 65)]
    assert 0 < noises[0] < noises[1] < noises[2]


@pytest.mark.parametrize("quality", [65, 80])
def test_it_is_of_the_size_of_the_true_error(quality: int) -> None:
    rgb = compressed(quality)
    true = float(np.sqrt(np.square(rgb.astype(float) - photograph("coffee", 176, 256)).mean()))
    assert 0.5 * true < compression_noise(rgb) < 2 * true


def test_pictures_smaller_than_a_block_have_none() -> None:
    assert compression_noise(photograph("coffee", 7, 5)) == 0
