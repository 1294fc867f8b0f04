"""What a key says, and that nothing a key says is trusted as a path."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import keys

names = st.text("ab.-_ \u00fc", min_size=1, max_size=6)
photos = st.builds(
    lambda folder, name, ending: folder + name + ending,
    st.sampled_from(["", "trip/", "a.b/"]),
    names,
    st.sampled_from([".jpg", ".JPG", ".png", ".tiff", ".txt", "", ".mask.png"]),
)


companions = photos.flatmap(
    lambda photo: st.sampled_from(
        [
            keys.stem(photo) + keys.MASK_SUFFIX,
            photo + keys.MASK_SUFFIX,
            keys.folder_of(photo) + keys.FOLDER_MASK,
            keys.stem(photo) + keys.SIDECAR_SUFFIX,
            photo + keys.SIDECAR_SUFFIX,
        ]
    )
)


@given(listed=st.lists(photos, max_size=8), companion=companions)
def test_a_mask_or_sidecar_serves_exactly_the_photos_that_look_for_it_first(listed: list[str], companion: str) -> None:
    present = {*listed, companion}
    served = keys.photos_for(companion, listed)
    looks_for = keys.sidecars_for if keys.is_sidecar(companion) else keys.masks_for
    for photo in listed:
        wanted = next((key for key in looks_for(photo) if key in present), None)
        assert (photo in served) is (wanted == companion)


@given(photo=photos)
def test_every_photo_lies_in_the_neighbourhood_of_its_masks_and_sidecars(photo: str) -> None:
    for companion in [*keys.masks_for(photo), *keys.sidecars_for(photo)]:
        assert keys.is_companion(companion)
        assert not keys.is_photo(companion)
        assert photo.startswith(keys.neighbourhood(companion))
        assert companion.startswith(keys.neighbourhood(companion))


def test_a_mask_is_not_a_photo_and_has_no_mask_of_its_own() -> None:
    assert keys.masks_for("a.mask.png") == []
    assert keys.photos_for("a.mask.png", ["a.mask.png", "a.txt", "a"]) == []


def test_the_more_specific_mask_comes_first() -> None:
    assert keys.masks_for("a/p.jpg") == ["a/p.jpg.mask.png", "a/p.mask.png", "a/_mask.png"]
    assert keys.own_masks_for("a/p.jpg") == keys.masks_for("a/p.jpg")[:2]
    assert keys.sidecars_for("a/p.jpg") == ["a/p.jpg.job.yaml", "a/p.job.yaml"]
    listed = ["p.jpg", "p.png", "p.jpg.mask.png"]
    assert keys.photos_for("p.mask.png", listed) == ["p.png"]
    assert keys.photos_for("p.jpg.mask.png", listed) == ["p.jpg"]


@pytest.mark.parametrize(
    ("key", "stem"),
    [("a/photo.jpg", "a/photo"), ("a.b/photo", "a.b/photo"), ("a/.hidden", "a/.hidden"), ("x.tar.gz", "x.tar")],
)
def test_the_stem_is_the_key_without_its_last_ending(key: str, stem: str) -> None:
    assert keys.stem(key) == stem


@given(key=st.text(min_size=1, max_size=300), extension=st.sampled_from(["jpg", "png"]))
def test_a_delivered_name_is_safe_on_every_system(key: str, extension: str) -> None:
    name = keys.safe_file_name(key, extension)
    assert re.fullmatch(rf"[A-Za-z0-9_][A-Za-z0-9._-]*\.{extension}", name)
    assert len(name) <= 84


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("trip/My Photo (1).jpg", "My-Photo-1.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("\u2600\u2600.png", "picture.jpg"),
        ("..\\evil.jpg", "evil.jpg"),
    ],
)
def test_a_delivered_name_keeps_what_can_be_kept(key: str, name: str) -> None:
    assert keys.safe_file_name(key, "jpg") == name


@pytest.mark.parametrize(
    ("key", "recipe"),
    [
        ("enhance/a.jpg", "enhance"),
        ("enhance@2/trip/a.jpg", "enhance@2"),
        ("inbox/enhance/a.jpg", "enhance"),
        ("from/bucket/enhance/a.jpg", "enhance"),
        ("from/bucket/inbox/enhance/a.jpg", "enhance"),
        ("from/enhance/a.jpg", None),
        ("from/a.jpg", None),
        ("trip/enhance/a.jpg", None),
        ("enhance", None),
        ("enhance.jpg", None),
        ("inbox/a.jpg", None),
        ("inbox", None),
        ("@1/a.jpg", None),
    ],
)
def test_only_the_first_folder_can_name_a_recipe(key: str, recipe: str | None) -> None:
    assert keys.recipe_in_key(key, {"enhance"}) == recipe


@given(key=st.text(min_size=1, max_size=1024).filter(lambda key: len(key.encode()) <= 1024))
def test_a_manifests_key_fits_s3(key: str) -> None:
    assert len(keys.manifest_key(key).encode()) <= 1024


def test_long_keys_have_manifests_of_their_own() -> None:
    long = ["k" * 1000 + str(number) for number in range(9)] + ["\u00fc" * 510, "\u00fc" * 511]
    assert len({keys.manifest_key(key) for key in long}) == len(long)
    assert keys.manifest_key("k" * (1024 - 15)) == "manifests/" + "k" * 1009 + ".json"


@pytest.mark.parametrize("key", ["a.jpg", "trip/\u00fc 1+2.jpg", "a/b/c.d/e.png", "\u00fc" * 450])
def test_plain_relative_paths_may_be_uploaded(key: str) -> None:
    assert keys.is_safe_upload_key(key)


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\\b", "a\nb", "\x7f", "\u00fc" * 451, "\ud800"]
)
def test_other_paths_may_not(key: str) -> None:
    assert not keys.is_safe_upload_key(key)


@pytest.mark.parametrize(
    ("key", "ignored"), [("a/", True), ("a/.x", True), (".x", True), ("a.jpg", False), ("a.csv/b.jpg", False)]
)
def test_folder_markers_and_hidden_files_are_ignored(key: str, ignored: bool) -> None:
    assert keys.is_ignored(key) is ignored


@pytest.mark.parametrize("key", ["list.csv", "a/b.JSONL", "from/bucket/photo.jpg.json"])
def test_a_batchs_list_asks_for_nothing_by_itself(key: str) -> None:
    assert keys.is_ignored(key)
    assert not keys.is_photo(key)


@pytest.mark.parametrize("key", ["list.csv.mask.png", "list.csv.job.yaml", "list.csv.png"])
def test_what_only_begins_like_a_list_is_what_it_ends_in(key: str) -> None:
    assert not keys.is_ignored(key)
