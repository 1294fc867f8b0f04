from pathlib import PurePosixPath

from hypothesis import example, given
from hypothesis import strategies as st

from infra.cli.naming import ENDINGS, distinct, result_name, result_stems, upload_path
from schemas.keys import is_safe_upload_key

anything = st.text(st.characters(codec=None), min_size=1, max_size=40).filter(lambda name: "\0" not in name)
file_names = st.builds(
    lambda stem, ending: stem + ending,
    st.text("aAb.-", min_size=1, max_size=3),
    st.sampled_from([".png", ".jpg", ".webp", ".PNG", ""]),
).filter(lambda name: name not in (".", ".."))


@given(st.lists(anything, min_size=1, max_size=5).map("/".join))
@example("\udcff.png")
@example("../../etc/passwd")
@example("${filename}")
@example("a\\b\n.jpg")
@example("x" * 5000 + ".png")
@example("/".join(["ü" * 60] * 20) + ".png")
def test_any_file_name_becomes_a_key_that_the_api_takes(relative: str):
    path = upload_path(relative)
    assert is_safe_upload_key(f"clean-and-print@1/edit-01234567/{path}.mask.png")
    assert len(path) <= 800
    assert "${" not in path


def test_plain_names_and_sub_folders_stay_as_they_are():
    assert upload_path("trip to Köln/photo 1.jpg") == "trip to Köln/photo 1.jpg"


def test_a_long_name_keeps_its_ending_and_is_told_apart():
    first, second = upload_path("x" * 300 + "1.jpg"), upload_path("x" * 300 + "2.jpg")
    assert first != second
    assert first.endswith(".jpg")


@given(st.lists(file_names, max_size=8))
def test_no_two_uploads_have_the_same_name_whatever_their_case(names: list[str]):
    given_back = [name.casefold() for name in distinct(names)]
    assert len(set(given_back)) == len(names)


@given(st.lists(file_names, max_size=6), st.data())
def test_no_two_results_have_the_same_name_whatever_types_they_get(names: list[str], data: st.DataObject):
    stems = result_stems(list(distinct(names)))
    results = [result_name(stem, data.draw(st.sampled_from(ENDINGS))).casefold() for stem in stems]
    assert len(set(results)) == len(results)


def test_results_are_called_after_their_pictures_where_that_is_clear():
    stems = result_stems(["a.png", "b.webp", "sub/a.jpg"])
    assert [result_name(stem, ".png") for stem in stems] == ["a.png", "b.png", "sub/a.png"]


def test_pictures_that_differ_in_their_type_only_keep_their_whole_names():
    stems = result_stems(["a.png", "a.webp", "a.jpg"])
    assert [result_name(stem, ".png") for stem in stems] == ["a.png", "a.webp.png", "a.jpg.png"]
    assert all(PurePosixPath(stem).parent == PurePosixPath() for stem in stems)
