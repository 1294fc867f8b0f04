from pathlib import Path

import pytest

from infra.cli.masks import mask_for
from infra.cli.photos import Photo, find_photos
from infra.cli.plan import keep_originals, plan
from schemas.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.png", "a.jpg", "sub/c.JPEG", "b.mask.png", ".hidden.png", ".git/d.png", "notes.txt", "out/e.png"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "in"


def names(photos: list[Photo]) -> list[str]:
    return [photo.relative for photo in photos]


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_a_folder_gives_its_pictures_but_no_masks_hidden_files_or_earlier_results(folder: Path):
    assert names(find_photos([folder], skip=folder / "out")) == ["a.jpg", "b.png", "sub/c.JPEG"]


def test_a_picture_that_is_named_twice_is_taken_once(folder: Path):
    assert names(find_photos([folder / "b.png", folder], skip=folder / "out")) == ["b.png", "a.jpg", "sub/c.JPEG"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(folder: Path):
    assert names(find_photos([folder / "notes.txt"])) == ["notes.txt"]


@pytest.mark.parametrize("name", ["sub/nothing", "b.mask.png"])
def test_nothing_to_do_is_said_in_words(folder: Path, name: str):
    target = folder / name
    if not target.exists():
        target.mkdir()
    with pytest.raises(BadInput):
        find_photos([target])


def test_a_mask_beside_the_photo_is_found_and_the_more_specific_one_wins(folder: Path):
    photo = Photo(folder / "b.png", "b.png")
    assert mask_for(photo, None) == folder / "b.mask.png"
    specific = touch(folder / "b.png.mask.png")
    assert mask_for(photo, None) == specific


def test_one_mask_file_serves_every_photo(folder: Path):
    assert mask_for(Photo(folder / "a.jpg", "a.jpg"), folder / "b.mask.png") == folder / "b.mask.png"


@pytest.mark.parametrize("name", ["sub/c.mask.png", "sub/c.png", "c.mask.png", "c.JPEG.mask.png", "c.jpg"])
def test_masks_in_a_folder_are_found_by_name(folder: Path, tmp_path: Path, name: str):
    mask = touch(tmp_path / "masks" / name)
    assert mask_for(Photo(folder / "sub/c.JPEG", "sub/c.JPEG"), tmp_path / "masks") == mask


def test_a_photo_is_never_taken_for_a_mask_of_its_neighbour(folder: Path):
    touch(folder / "a.png")
    assert mask_for(Photo(folder / "a.jpg", "a.jpg"), folder) is None


def test_photos_of_one_stem_get_masks_and_keys_of_their_own(folder: Path):
    touch(folder / "b.jpg")
    touch(folder / "b.jpg.mask.png")
    pictures = plan(find_photos([folder], skip=folder / "out"), None)
    by_file = {picture.file.name: picture for picture in pictures}
    assert by_file["b.jpg"].mask == folder / "b.jpg.mask.png"
    assert by_file["b.png"].mask == folder / "b.mask.png"
    assert by_file["b.jpg"].path != by_file["b.png"].path


def test_equal_names_from_two_folders_get_paths_of_their_own(tmp_path: Path):
    photos = [Photo(tmp_path / folder / "x.png", "x.png") for folder in ("one", "two")]
    paths = [picture.path for picture in plan(photos, None)]
    assert len(set(paths)) == 2


def test_two_batches_never_replace_each_others_uploads(tmp_path: Path):
    photos = [Photo(tmp_path / "x.png", "x.png")]
    assert plan(photos, None)[0].path != plan(photos, None)[0].path


def test_a_result_that_would_replace_an_original_is_refused(folder: Path):
    pictures = plan(find_photos([folder], skip=folder / "out"), None)
    keep_originals(pictures, folder / "out")
    with pytest.raises(BadInput, match="would be overwritten"):
        keep_originals(pictures, folder)


def test_with_a_box_no_mask_is_looked_for(folder: Path):
    assert [picture.mask for picture in plan(find_photos([folder / "b.png"]), None, look_for_masks=False)] == [None]


def test_a_folders_mask_is_its_photos_last_resort_and_no_picture(folder: Path, tmp_path: Path):
    shared = touch(folder / "_mask.png")
    photo = Photo(folder / "a.jpg", "a.jpg")
    assert mask_for(photo, None) == shared
    assert mask_for(Photo(folder / "sub/c.JPEG", "sub/c.JPEG"), None) is None
    assert mask_for(photo, touch(tmp_path / "masks" / "a.png").parent) == tmp_path / "masks" / "a.png"
    assert shared not in {found.file for found in find_photos([folder])}
