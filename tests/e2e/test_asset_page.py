"""The page of an asset in a real browser, before a made-up API: its life, its files, and the way there."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import axe
from tests.e2e.browser import keep, watched
from tests.e2e.fake_assets import ASSET, RUN
from tests.e2e.fake_reviews import BASE, FakeReviews, served

LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2},
}
PAGE = f"#/assets/{ASSET}"
Open = Callable[..., Page]


@pytest.fixture
def reviews() -> Iterator[FakeReviews]:
    with served() as made:
        made.assets.other("remove-object/trip/sea.jpg", "FAILED", outcome={"reason": "The model gave up."})
        yield made


@pytest.fixture
def signed_in(browser: Browser, reviews: FakeReviews) -> Iterator[Open]:
    """Open the page at an address and sign in. At the end, nothing may have gone wrong unseen."""
    pages: list[tuple[Page, list[str]]] = []

    def open_page(address: str = PAGE, *, role: str = "Reviewer", refusals: bool = False, look: str = "light") -> Page:
        page = browser.new_context(**LOOKS[look]).new_page()
        pages.append((page, watched(page, refusals=refusals)))
        page.goto(f"{reviews.origin}{BASE}/review/{address}")
        page.get_by_label("Your name").fill("clara")
        page.get_by_label(role).check()
        page.get_by_label("Your name").press("Enter")
        expect(page.get_by_label("Account")).to_contain_text("clara")
        return page

    yield open_page
    for page, wrong in pages:
        page.context.close()
        assert wrong == []


def _told(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("coffee of the day.png")
    expect(page.locator(".pair img")).to_have_count(2)


@pytest.mark.parametrize("look", LOOKS)
def test_a_life_is_told_in_its_order_and_readable_by_anybody(signed_in: Open, look: str) -> None:
    page = signed_in(look=look)
    _told(page)
    happened = page.locator(".event h3, .event.deed strong")
    expect(happened).to_have_text(
        [
            *("Uploaded", "Run: remove-watermark@5", "clara", "clara", "Attempt 2: remove-watermark@5"),
            "Copied into a second bucket",
        ]
    )
    expect(page.locator(".stage-head strong").first).to_have_text("Inspected")
    expect(page.locator(".stage").filter(has_text="Mask").locator("img")).to_have_count(2)  # it lies over the upload
    expect(page.locator(".stage").filter(has_text="Filled").locator("rect")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == LOOKS[look]["viewport"]["width"]
    keep(page, f"asset-{look}")
    assert axe.findings(page) == []


def test_what_is_recorded_is_shown_as_text_and_never_run(signed_in: Open) -> None:
    page = signed_in()
    _told(page)
    filled = page.locator(".stage").filter(has_text="Filled")
    filled.locator("summary").click()
    expect(filled).to_contain_text("a wooden table <script>alert(1)</script>")
    expect(filled).to_contain_text("CC-BY-NC-4.0, not for commercial use")
    expect(filled).to_contain_text("weights by-hole.onnx")
    expect(filled.locator(".stage-facts > p").nth(1)).to_have_text(re.compile(r"on cpu$"))
    expect(filled.locator("details")).to_contain_text("cpu (x86_64 AVX2, 2 threads)")


def test_pictures_that_are_not_made_yet_are_asked_for_once_and_appear(signed_in: Open, reviews: FakeReviews) -> None:
    reviews.assets.made = False
    page = signed_in()
    page.locator(".stage").filter(has_text="Filled").locator("summary").click()
    _told(page)
    assert len(reviews.sent("POST", "/miniatures")) == 1
    expect(page.locator("details[open]")).to_have_count(1)  # what was unfolded stays so
    expect(page.get_by_text("being made")).to_have_count(0)


def test_links_that_have_ended_are_asked_for_anew(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in(refusals=True)
    _told(page)
    reviews.links_end()
    page.locator(".pair img").first.evaluate("image => { image.src = `${image.src}&again`; }")
    expect(page.locator(".pair img").first).to_have_js_property("naturalWidth", 600)
    assert len([path for _, path, _ in reviews.asked if path.endswith("/life")]) == 2


def test_the_delivered_files_are_verified_with_one_key(signed_in: Open, reviews: FakeReviews) -> None:
    trail = ["Edited by by-hole 2: filled 1 place.", "Signed by <b>Cleanplate</b>."]
    reviews.assets.credentials = {
        "signs": True,
        "files": [
            {"name": "native", "standing": "intact", "sentence": "Intact: this is what was signed.", "trail": trail},
            {"name": "web-1280.avif", "standing": "tampered", "sentence": "Tampered with.", "trail": []},
        ],
    }
    page = signed_in()
    _told(page)
    page.keyboard.press("v")
    expect(page.locator("[data-file=native]")).to_contain_text("Intact")
    expect(page.locator('[data-file="web-1280.avif"]')).to_contain_text("Tampered with")
    expect(page.locator(".said")).to_have_text("1 of 2 files is not as signed here.")
    page.get_by_text("What it says").click()
    expect(page.locator("[data-file=native] li")).to_have_text(trail)
    assert axe.findings(page) == []


def test_a_deployment_that_signs_nothing_says_so(signed_in: Open, reviews: FakeReviews) -> None:
    reviews.assets.credentials = {"signs": False, "files": []}
    page = signed_in()
    _told(page)
    page.get_by_role("button", name="Verify").click()
    expect(page.locator(".said")).to_have_text("This deployment signs nothing that it delivers.")


def test_a_review_is_one_click_away_for_whoever_decides(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in()
    _told(page)
    expect(page.get_by_role("link", name="Its review")).to_have_attribute("href", f"#/{ASSET}/{RUN}")
    page = signed_in(role="Submitter")
    _told(page)
    expect(page.get_by_role("link", name="Its review")).to_have_count(0)
    expect(page.get_by_role("link", name="Queue")).to_have_count(0)


def test_an_asset_is_found_by_the_beginning_of_its_key_with_the_keyboard(signed_in: Open) -> None:
    page = signed_in("#/assets")
    expect(page.locator(".asset-row")).to_have_count(2)
    assert axe.findings(page) == []
    keep(page, "assets")
    page.keyboard.press("/")
    page.keyboard.type("remove-watermark/menus/")
    page.keyboard.press("Enter")
    expect(page.locator(".asset-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"#/assets\?folder=remove-watermark%2Fmenus%2F$"))
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    _told(page)
    page.keyboard.press("l")
    expect(page.locator(".asset-row")).to_have_count(2)


def test_a_list_is_filtered_and_goes_on(signed_in: Open, reviews: FakeReviews) -> None:
    for number in range(60):
        reviews.assets.other(f"enhance/{number:02}.jpg", "DELIVERED")
    page = signed_in("#/assets")
    expect(page.locator(".asset-row")).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".asset-row")).to_have_count(62)
    page.get_by_label("Standing").select_option("FAILED")
    expect(page.locator(".asset-row")).to_have_count(1)
    expect(page.get_by_label("Standing")).to_be_focused()


def test_what_there_is_not_is_said_and_leads_on(signed_in: Open) -> None:
    page = signed_in("#/assets/a-000000000000000000000000", refusals=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("This cannot be shown")
    expect(page.get_by_role("link", name="To the queue")).to_be_visible()
