"""Who asks again hears in a line that nothing changed, and never keeps a link that has ended."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.api.etags import tag_of, tagged
from schemas.asset import Status
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Ask
from tests.unit.handlers.journeys import begin, write_assets

LINK = '{"links": {"original": "https://bucket/photo.jpg?X-Amz-Date=%s&X-Amz-Signature=%s"}}'
TAG = st.text(st.characters(codec="ascii", min_codepoint=35, exclude_characters=', "\\*'), min_size=1)


def test_what_did_not_change_is_answered_in_a_line(ask: Ask) -> None:
    write_assets(2, Status.FAILED)
    first = ask("GET", "/assets", status="FAILED")
    tag = first["headers"]["ETag"]
    again = ask("GET", "/assets", status="FAILED", headers={"if-none-match": f'"other", {tag}'})
    assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", tag)


def test_what_changed_is_answered_whole_under_another_tag(ask: Ask, upload: Upload) -> None:
    photo = upload("a.jpg")
    run = begin(photo)
    before = ask("GET", f"/assets/{run.asset_id}")
    begin(upload("b.jpg"))
    begin(photo, mask=upload("a.mask.png"))
    after = ask("GET", f"/assets/{run.asset_id}", headers={"If-None-Match": before["headers"]["ETag"]})
    assert after["statusCode"] == 200
    assert after["headers"]["ETag"] != before["headers"]["ETag"]


def test_another_signature_on_the_same_link_changes_nothing_while_it_lasts() -> None:
    assert tag_of(LINK % ("1", "aa"), 149) == tag_of(LINK % ("2", "bb"), 0)


def test_a_link_that_will_end_soon_is_given_anew() -> None:
    """They last for 300 seconds; whoever hears 304 got theirs at most 150 seconds ago."""
    assert tag_of(LINK % ("1", "aa"), 149) != tag_of(LINK % ("2", "bb"), 150)
    assert tag_of('{"status": "FAILED"}', 149) == tag_of('{"status": "FAILED"}', 150)


def test_another_file_behind_a_link_is_a_change() -> None:
    assert tag_of(LINK % ("1", "aa"), 0) != tag_of((LINK % ("1", "aa")).replace("photo", "other"), 0)


@given(own=TAG, given_tag=TAG)
def test_a_routes_own_tag_is_what_counts(own: str, given_tag: str) -> None:
    answer = {"statusCode": 200, "headers": {"etag": f'"{own}"', "Content-Type": "x"}, "body": "text"}
    found = tagged("GET", {"if-none-match": f'W/"{given_tag}"'}, answer)
    assert found["statusCode"] == (304 if own == given_tag else 200)
    assert ("Content-Type" in found["headers"]) == (own != given_tag)


def test_only_what_was_read_well_has_a_tag(ask: Ask) -> None:
    assert "ETag" not in ask("POST", "/assets", body={"path": "a.jpg"})["headers"]
    assert "ETag" not in ask("GET", "/assets/a-1")["headers"]
