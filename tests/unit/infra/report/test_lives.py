"""The lives of assets in one file: all in it, nothing of it from elsewhere, nothing that is run, and within a size."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from infra.report import life_words
from infra.report.lives import write_lives
from infra.report.prints import Prints
from schemas.asset import Status
from schemas.copied import CopyRecord
from schemas.http.life import AssetLife, Seen
from schemas.records import now
from schemas.stage import Stage
from schemas.trail import Deed
from tests import documents
from tests.unit.infra.report.test_page import EVIL, Page

REVIEW = Path(__file__).parents[4] / "infra" / "review"
RUN = documents.run()


def _jpeg(colour: str = "teal", size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def _seen(name: str) -> dict[str, str]:
    return {"small": f"https://work/{name}.jpg?X-Amz-Signature=secret", "file": "https://work/full?secret-link"}


def life_of(number: int = 1, **facts: Any) -> AssetLife:
    moment = now()
    asset_id = f"a-{number:024x}"
    asset = {
        "asset_id": asset_id, "source": documents.PHOTO.model_dump(), "size_bytes": 1000, "status": "DELIVERED",
        "inspection": documents.inspection().model_dump(mode="json"), "created_at": moment, "updated_at": moment,
        "outcome": {"status": "DELIVERED", "reason": f"It passed {EVIL}.", "code": "delivered", "confidence": 0.9},
    }  # fmt: skip
    box = {"x": 64, "y": 48, "width": 128, "height": 96}
    moments = {
        "started_at": moment + timedelta(seconds=1),
        "ended_at": moment + timedelta(seconds=2),
        "wall_seconds": 1,
    }
    stages = [
        {
            **moments, "asset_id": asset_id, "run_id": RUN.run_id, "stage": "inpaint", "parameters": {"prompt": EVIL},
            "areas": [{"box": box, "crop": box, "hole_pixels": 9, "model": "patchmatch"}],
            "model": {"name": "by-hole", "version": "2", "licence": "MIT", "commercial_use": True},
        },
        {
            **moments, "asset_id": asset_id, "run_id": RUN.run_id, "stage": "refine",
            "pictures": {"image": _seen(f"after-{number}")},
        },
    ]  # fmt: skip
    run = {
        "run_id": RUN.run_id, "attempt": 1, "recipe": "edit@1", "entry": "inspect", "started_at": moment,
        "status": "DELIVERED", "reason": "It passed.", "stages": stages,
    }  # fmt: skip
    deed = {
        "asset_id": asset_id,
        "run_id": RUN.run_id,
        "at": moment,
        "what": "approved",
        "by": {"who": "p", "name": EVIL},
    }
    said = {"asset": asset, "name": EVIL, "original": _seen(f"before-{number}"), "runs": [run], "trail": [deed]}
    return AssetLife.model_validate({**said, "files": [], "missing": 0, **facts})


def _written(tmp_path: Path, *lives: AssetLife, fetch: Any = lambda _: _jpeg(), **options: Any) -> str:
    write_lives(lives, tmp_path / "report.html", fetch, **options)
    return (tmp_path / "report.html").read_text()


def test_nothing_that_comes_from_outside_becomes_markup(tmp_path: Path) -> None:
    page = Page(_written(tmp_path, life_of(), title=EVIL))
    assert "script" not in page.tags
    assert page.text.count("<script>alert(1)</script>") >= 5


def test_the_file_loads_nothing_and_keeps_no_link(tmp_path: Path) -> None:
    text = _written(tmp_path, life_of(1), life_of(2))
    page = Page(text)
    assert all(link.startswith(("#", "data:image/jpeg;base64,")) for link in page.values["href"])
    assert "src" not in page.values
    assert "default-src 'none'; img-src data:" in text
    assert ("secret" in text, "https://" in text) == (False, False)


def test_a_picture_lies_in_the_file_once_however_often_it_is_shown(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(link: str) -> bytes:
        asked.append(link)
        return _jpeg()

    page = Page(_written(tmp_path, life_of(), fetch=fetch))
    assert len(asked) == page.tags.count("image") == 2
    assert page.tags.count("use") == 4  # two at the top, two at their stages
    assert {link[1:] for link in page.values["href"] if link.startswith("#print")} <= set(page.values["id"])
    assert all(page.values["aria-label"])


def test_places_are_drawn_where_they_are_on_the_small_picture(tmp_path: Path) -> None:
    text = _written(tmp_path, life_of())  # 640 x 480, shown at 64 x 48
    assert '<rect x="6.4" y="4.8" width="12.8" height="9.6"/>' in text


def test_without_pictures_the_file_says_everything_else(tmp_path: Path) -> None:
    page = Page(_written(tmp_path, life_of(), fetch=None))
    assert ("image" in page.tags, "by-hole v2" in page.text) == (False, True)


@pytest.mark.parametrize(
    "data", [None, b"", b"<svg onload='alert(1)'/>", b"GIF89a", _jpeg(size=(2049, 8)), bytes(1_000_001)]
)
def test_what_is_no_small_picture_is_left_out(tmp_path: Path, data: bytes | None) -> None:
    page = Page(_written(tmp_path, life_of(), fetch=lambda _: data))
    assert "image" not in page.tags


def test_what_has_no_room_is_counted_and_said(tmp_path: Path) -> None:
    room = 3 * (4 * len(_jpeg()) // 3 + 100)
    text = _written(tmp_path, *map(life_of, range(4)), largest=room, left_out=7)
    assert Page(text).tags.count("image") == 3
    assert "5 pictures had no room in this file." in text
    assert "7 more assets were left out." in text


@given(st.lists(st.integers(1, 90), max_size=20), st.integers(0, 20_000))
def test_all_pictures_together_never_take_more_than_they_may(sides: list[int], largest: int) -> None:
    files = {f"https://w/{number}": _jpeg(size=(side, side)) for number, side in enumerate(sides)}
    prints = Prints(files.get, largest)
    for link in files:
        prints.of(Seen(small=link, file=link))
    taken = prints.taken()
    assert sum(len(print_.address) for print_ in taken) <= largest
    assert len(taken) + prints.without_room == len(files)


def test_a_copy_that_failed_is_told_with_its_reason(tmp_path: Path) -> None:
    life = life_of()
    copy = {"asset_id": life.asset.asset_id, "bucket": "others", "state": "failed", "at": now(), "reason": "Denied."}
    page = Page(_written(tmp_path, life_of(copies=[copy])))
    assert "Could not be copied into the second bucket others" in " ".join(page.text.split())
    assert "Denied." in page.text


def _words_of_the_page(table: str) -> set[str]:
    text = (REVIEW / "asset_words.js").read_text()
    (body,) = re.findall(rf"const {table} = {{(.*?)^}};", text, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"^  \"?([\w-]+)\"?:", body, re.MULTILINE))


@pytest.mark.parametrize(
    ("table", "known"),
    [
        ("STAGES", set(Stage)),
        ("STATUSES", set(Status)),
        ("DEEDS", set(get_args(Deed))),
        ("COPIES", set(get_args(CopyRecord.model_fields["state"].annotation))),
    ],
)
def test_page_and_report_have_words_for_everything_that_there_is(table: str, known: set[str]) -> None:
    words = getattr(life_words, table)
    assert known <= set(words)
    assert _words_of_the_page(table) == set(words)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (3_400_000, "3.4 MB")]
)
def test_sizes_are_said_in_the_unit_that_fits(number: int, words: str) -> None:
    assert life_words.bytes_words(number) == words
