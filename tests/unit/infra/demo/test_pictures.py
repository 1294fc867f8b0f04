import numpy as np
import pytest
from PIL import Image

from infra.demo import dirt, photographs
from infra.demo.pictures import DirtyPicture, dirty_pictures

CLEAN = {
    "cat.png": "chelsea.png",
    "coffee.png": "coffee.png",
    "rocket.png": "rocket.jpg",
    "garage.png": "motorcycle_left.png",
}


@pytest.fixture(scope="module")
def pictures() -> list[DirtyPicture]:
    return list(dirty_pictures())


def changed(picture: DirtyPicture) -> np.ndarray:
    clean = np.asarray(photographs.load(CLEAN[picture.file])).astype(int)
    return np.abs(np.asarray(picture.image).astype(int) - clean).max(axis=2)


def test_pictures_are_the_same_every_time(pictures):
    again = list(dirty_pictures())
    assert [picture.image.tobytes() for picture in pictures] == [picture.image.tobytes() for picture in again]


def test_every_picture_is_dirty_in_plain_sight(pictures):
    for picture in pictures:
        assert (changed(picture) > 30).mean() > 0.004, picture.file


def test_masks_cover_everything_that_can_be_seen(pictures):
    for picture in pictures:
        if picture.mask is not None:
            outside = np.asarray(picture.mask) == 0
            assert changed(picture)[outside].max() <= 2, picture.file


def test_masks_have_their_pictures_size_and_leave_most_of_it_alone(pictures):
    masked = [picture for picture in pictures if picture.mask is not None]
    assert masked
    for picture in masked:
        assert picture.mask.size == picture.image.size
        assert (np.asarray(picture.mask) > 0).mean() < 0.35, picture.file


def test_a_shadow_does_not_come_back_on_the_other_side():
    photo = Image.new("RGB", (100, 80), "grey")
    person = Image.new("RGBA", (30, 60), "red")
    _, mask = dirt.photobomber(photo, person, left=70, top=20)
    assert not np.asarray(mask)[:, :40].any()


def test_photo_and_mask_are_saved_under_names_that_belong_together(pictures, tmp_path):
    photo, mask = pictures[1].save(tmp_path)
    assert mask is not None
    assert mask.name == photo.name + ".mask.png"
    assert pictures[0].save(tmp_path)[1] is None
