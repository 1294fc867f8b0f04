import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import manifest
from schemas.errors import BadInput
from schemas.job import Job
from schemas.manifest import read_manifest

KEYS = st.lists(
    st.from_regex(r"[a-z]{1,5}/[a-z0-9 ,\"]{1,8}\.png", fullmatch=True), min_size=1, max_size=8, unique=True
)


@given(KEYS)
def test_one_list_is_read_alike_however_it_is_written(keys: list[str]) -> None:
    cells = ['"' + key.replace('"', '""') + '"' for key in keys]
    texts = {
        "list.csv": "key\n" + "\n".join(cells),
        "list.jsonl": "\n".join(map(json.dumps, keys)),
        "LIST.JSON": json.dumps([{"key": key} for key in keys]),
    }
    for name, text in texts.items():
        assert read_manifest(name, text) == [(key.strip() if name == "list.csv" else key, Job()) for key in keys]


def test_a_line_says_what_its_picture_is_for() -> None:
    wanted = Job(scale=2, prompt="a lighthouse", tags={"order": "7"})
    table = "\ufeffKey,scale,prompt,tags,negative_prompt\na.png,2,a lighthouse,order=7,\n"
    line = json.dumps({"key": "a.png", "scale": 2, "prompt": "a lighthouse", "tags": {"order": "7"}})
    assert read_manifest("x.csv", table) == read_manifest("x.jsonl", line) == [("a.png", wanted)]


def test_what_is_left_out_is_not_stated() -> None:
    ((_, job),) = read_manifest("x.csv", "key,scale,prompt\na.png,,\n")
    assert job.stated == {}


def test_a_key_that_stands_twice_counts_once() -> None:
    assert [key for key, _ in read_manifest("x.jsonl", '"a"\n\n"b"\n"a"\n')] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.txt", "a.png", "ends in none of .csv, .jsonl, .json"),
        ("x.csv", "file\na.png", "no column `key`"),
        ("x.csv", "key,colour\na.png,red", "no field of a job is called `colour`"),
        ("x.csv", "key,scale\na.png,3", "line 2"),
        ("x.csv", "key,scale\n,2", "line 2 has no key"),
        ("x.csv", 'key\n"a', "line 2"),
        ("x.jsonl", '"a"\n{', "line 2 is no JSON"),
        ("x.jsonl", '"a"\n7', "line 2: neither a key nor an object"),
        ("x.jsonl", '{"key": "a", "scale": 3}', "line 1, `scale`"),
        ("x.jsonl", '{"scale": 2}', "line 1 has no key"),
        ("x.json", "{}", "it is no list"),
        ("x.json", "[" * 100_000, "it is no JSON"),
        ("x.jsonl", json.dumps("a" * 1025), "line 1 has no key"),
        ("x.jsonl", json.dumps("a\x00b"), "line 1 has no key"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(name: str, text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_manifest(name, text)
    assert words in caught.value.message
    assert caught.value.code == "bad_manifest"


def test_a_list_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "MOST_ITEMS", 2)
    with pytest.raises(BadInput, match="make several batches"):
        read_manifest("x.jsonl", '"a"\n"b"\n"c"')
