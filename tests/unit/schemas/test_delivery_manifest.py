"""Manifests keep to their published schema, and what they say for a page is what a browser can make use of."""

import html
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.delivery_manifest import SCHEMA, DeliveryManifest, json_schema
from schemas.picture_sources import MODERN, UNIVERSAL, picture_html
from schemas.pointers import S3Pointer
from schemas.rendition import Rendition
from schemas.withdrawal import withdrawn_manifest
from tests import documents

MOMENT = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)
CDN = "https://d111111abcdef8.cloudfront.net"
TYPES = (*MODERN, *UNIVERSAL, "image/tiff", "image/bmp")
purposes = st.sampled_from(["native", "enlarged", "web", "print"])


def file(
    name: str, kind: str = "image/jpeg", width: int = 640, purpose: str = "web", size_bytes: int = 1000
) -> Rendition:
    facts = {"width": width, "height": width * 3 // 4, "size_bytes": size_bytes, "sha256": documents.SHA}
    key = f"assets/a-0/{documents.SHA[:20]}/{name}"
    return Rendition.model_validate({"name": name, "purpose": purpose, "key": key, "media_type": kind, **facts})


files = st.lists(
    st.builds(file, st.sampled_from(["a", "b", "c"]), st.sampled_from(TYPES), st.integers(8, 9000), purposes),
    max_size=8,
)
NATIVE = file("native.jpg", width=2000, purpose="native")
WEB = [
    file(f"web-{width}.{kind}", f"image/{kind}", width) for kind in ("avif", "webp", "jpeg") for width in (640, 1280)
]


def manifest(*renditions: Rendition, base: str = CDN, **changes: Any) -> DeliveryManifest:
    return DeliveryManifest.of(documents.run(), renditions, MOMENT, base=base, **changes)


def widths(srcset: str) -> list[int]:
    return [int(each.rpartition(" ")[2].removesuffix("w")) for each in srcset.split(", ")]


@given(files, st.sampled_from([CDN, ""]))
def test_a_manifest_keeps_to_the_published_schema_and_reads_back(renditions: list[Rendition], base: str) -> None:
    written = manifest(*renditions, base=base, replaces="a-1").written
    assert list(Draft202012Validator(json_schema()).iter_errors(written)) == []
    assert (written["version"], json_schema()["$id"]) == (2, SCHEMA)
    assert DeliveryManifest.model_validate(written).written == written


@given(files)
def test_a_page_is_offered_only_files_that_are_there_and_none_for_print(renditions: list[Rendition]) -> None:
    made = manifest(*renditions)
    named = {f"{CDN}/{each.key}" for each in renditions if each.purpose != "print"}
    for part in (*made.sources, *([made.fallback] if made.fallback else [])):
        assert {each.rpartition(" ")[0] for each in part.srcset.split(", ")} <= named
        assert widths(part.srcset) == sorted(set(widths(part.srcset)), reverse=True)
    shown = [each for each in renditions if each.media_type in (*MODERN, *UNIVERSAL) and each.purpose != "print"]
    assert (made.fallback is None) == (not shown)


@given(files)
def test_a_source_is_of_a_type_that_not_every_browser_knows(renditions: list[Rendition]) -> None:
    """A browser takes the first source that it can read: a JPEG there would hide every larger PNG behind it."""
    kinds = [source.type for source in manifest(*renditions).sources]
    assert kinds == [kind for kind in MODERN if kind in kinds]


def test_what_was_made_for_the_web_is_offered_smallest_type_first_and_largest_width_first() -> None:
    made = manifest(NATIVE, *WEB)
    assert [(source.type, widths(source.srcset)) for source in made.sources] == [
        ("image/avif", [1280, 640]),
        ("image/webp", [1280, 640]),
    ]
    assert made.fallback is not None
    assert (made.fallback.type, widths(made.fallback.srcset)) == ("image/jpeg", [1280, 640])
    assert made.fallback.src == f"{CDN}/assets/a-0/{documents.SHA[:20]}/web-1280.jpeg"


def test_the_native_picture_stands_in_where_the_web_has_newer_types_alone() -> None:
    made = manifest(NATIVE, *(each for each in WEB if each.media_type != "image/jpeg"))
    assert made.fallback is not None
    assert made.fallback.src.endswith("/native.jpg")


def test_without_web_files_the_native_picture_and_its_enlargement_are_one_list() -> None:
    made = manifest(NATIVE, file("x2.png", "image/png", 4000, "enlarged"))
    assert made.sources == []
    assert made.fallback is not None
    assert (widths(made.fallback.srcset), made.fallback.width) == ([4000, 2000], 2000)


def test_what_no_browser_shows_is_offered_to_none() -> None:
    made = manifest(file("native.tif", "image/tiff", purpose="native"))
    assert (made.sources, made.fallback, picture_html(made)) == ([], None, None)


def test_of_two_files_as_wide_the_smaller_is_offered() -> None:
    made = manifest(file("large.jpg", size_bytes=900), file("small.jpg", size_bytes=300))
    assert made.fallback is not None
    assert made.fallback.srcset == f"{CDN}/assets/a-0/{documents.SHA[:20]}/small.jpg 640w"


class _Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_stands_in_an_attribute_stays_there(alt: str, sizes: str) -> None:
    text = picture_html(manifest(NATIVE, *WEB), alt=alt, sizes=sizes)
    assert text is not None
    found = _Elements(text).found
    assert [tag for tag, _ in found] == ["picture", "source", "source", "img"]
    assert html.escape(alt) in text
    assert len(re.findall("<", text)) == 5


def test_a_signature_stands_behind_every_address() -> None:
    made = manifest(NATIVE, *WEB).at(CDN, "Expires=1&Signature=s")
    addresses = [each.rpartition(" ")[0] for source in made.sources for each in source.srcset.split(", ")]
    assert made.fallback is not None
    assert all(each.endswith("?Expires=1&Signature=s") for each in [*addresses, made.fallback.src])


def test_a_copy_from_an_attached_bucket_says_where_it_came_from() -> None:
    source = S3Pointer(bucket=documents.INBOX, key="from/team/trip/a.jpg", version_id="v1")
    made = DeliveryManifest.of(documents.run(source=source), [NATIVE], MOMENT)
    assert made.written["origin"] == {"bucket": "team", "key": "trip/a.jpg"}
    assert "origin" not in manifest(NATIVE).written


def test_what_was_withdrawn_keeps_to_the_schema_and_names_no_file() -> None:
    written = withdrawn_manifest(manifest(NATIVE, *WEB).written, at="2026-11-30T12:00:00Z", reason="rights")
    assert list(Draft202012Validator(json_schema()).iter_errors(written)) == []
    read = DeliveryManifest.model_validate(written)
    assert (read.renditions, read.sources, read.fallback, picture_html(read)) == ([], [], None, None)
    assert read.withdrawn is not None
    assert read.withdrawn.reason == "rights"
    assert documents.SHA not in str(written)
