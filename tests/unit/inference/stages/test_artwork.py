"""What is registered as artwork every stage can read: else each upload would be refused because of it."""

import numpy as np
import pytest
from PIL import Image

from handlers.artwork import inspect_artwork
from inference.stages.job import Job
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import file_of
from tests.unit.inference.stages.conftest import Bench

LOGO = Image.new("RGBA", (40, 20))
LOGO.paste((255, 0, 0, 128), (5, 5, 20, 15))
DEEP = np.zeros((20, 40), np.uint16)
DEEP[5:15, 5:20] = 40_000


@pytest.mark.parametrize(
    ("picture", "options", "opacity"),
    [
        (LOGO, {}, (0, 128)),
        (LOGO.convert("LA"), {}, (0, 128)),
        (LOGO.quantize(8), {}, (0, 128)),
        (LOGO.convert("RGB"), {"transparency": (0, 0, 0)}, (0, 255)),
        (LOGO.getchannel("A"), {"transparency": 0}, (0, 255)),
        (LOGO.getchannel("A"), {}, (255, 255)),
        (LOGO.getchannel("A").convert("1", dither=Image.Dither.NONE), {}, (255, 255)),
        (LOGO.convert("RGB").convert("P"), {}, (255, 255)),
        (Image.fromarray(DEEP), {}, (255, 255)),
        (LOGO, {"icc_profile": b"no profile" * 20}, (0, 128)),
    ],
)
def test_registered_artwork_is_read_with_its_shape(
    bench: Bench, picture: Image.Image, options: dict[str, object], opacity: tuple[int, int]
) -> None:
    file = file_of(picture, **options)
    inspection = inspect_artwork(file)
    inputs = {"mark-acme": bench.put("acme", file)}
    request = StageRequest.build(Stage.MASK, "drawn-box", inputs, {}, work_bucket="work")
    rgba = Job(request, bench.store, bench.models).artwork("mark-acme")
    assert rgba.shape == (inspection.height, inspection.width, 4)
    assert (rgba[..., 3].min(), rgba[..., 3].max()) == opacity
    assert rgba[10, 10].tolist() != rgba[0, 0].tolist()
