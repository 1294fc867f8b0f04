"""The review page in a real browser, before a made-up API: what a reviewer sees, presses, and sends."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import axe
from tests.e2e.browser import keep, watched
from tests.e2e.fake_reviews import BASE, FakeReviews, ago, served

TEXT = {"guard": "text", "change": "touched", "box": {"x": 412, "y": 362, "width": 176, "height": 30}}
FINDINGS = [
    {**TEXT, "detail": "“Coffee of the day” was read before and not after"},
    {"guard": "logos", "change": "lost", "box": {"x": 542, "y": 22, "width": 38, "height": 38}, "detail": "gone"},
    {"guard": "codes", "change": "unchecked", "box": None, "detail": "the picture is too small to look for codes"},
]  # fmt: skip
SIGNALS = [
    {"name": "Edge", "value": "1.84", "words": "stands out from around it", "level": "fair"},
    {"name": "Colour", "value": "ΔE 1.6", "words": "no difference to be seen", "level": "good"},
    {"name": "Sharpness", "value": "0.38", "words": "softer than around it", "level": "poor"},
]
STAGES = [
    {"stage": stage, "model": model, "version": "2", "licence": "Apache-2.0", "seconds": 1.4, "note": None}
    for stage, model in (("mask", "overlays"), ("inpaint", "by-hole"), ("assess", "classical"))
]
Open = Callable[..., Page]


@pytest.fixture
def reviews() -> Iterator[FakeReviews]:
    with served() as made:
        stages = [{**stage, "started_at": ago(hours=2)} for stage in STAGES]
        known = {"signals": SIGNALS, "stages": stages}
        reason = "Text is touched at 412,362: the mask reaches into lettering that was not to be removed (and 1 more)."
        made.add(
            "coffee",
            name="menu/coffee.png",
            rule="guard-text",
            reason=reason,
            confidence=0.71,
            findings=FINDINGS,
            **known,
        )
        made.add("garage", "garage.png", name="garage.png", recipe="remove-object@3", confidence=None, **known)
        made.add("rocket", "rocket.png", name="rocket.png", recipe="clean-and-print@5", confidence=0.61, **known)
        made.add("cat", "cat.png", name="cat.png", confidence=0.42, **known)
        yield made


@pytest.fixture
def signed_in(browser: Browser, reviews: FakeReviews) -> Iterator[Open]:
    """Open the page at an address and sign in. At the end, nothing may have gone wrong unseen."""
    pages: list[tuple[Page, list[str]]] = []

    def open_page(
        address: str = "#/", *, name: str = "Clara", role: str = "Reviewer", refusals: bool = False, **look
    ) -> Page:
        page = browser.new_context(**{"viewport": {"width": 1360, "height": 850}, **look}).new_page()
        pages.append((page, watched(page, refusals=refusals)))
        page.goto(f"{reviews.origin}{BASE}/review/{address}")
        page.get_by_label("Your name").fill(name)
        page.get_by_label(role).check()
        page.get_by_label("Your name").press("Enter")
        expect(page.get_by_label("Account")).to_contain_text(name)
        return page

    yield open_page
    for page, wrong in pages:
        page.context.close()
        assert wrong == []


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def opened(page: Page, name: str) -> None:
    """Wait until an item is there and claimed, so that keys mean it."""
    expect(page.locator(".about")).to_contain_text(name)
    expect(page.locator(".layer.second > img").first).to_be_visible()


def test_who_is_not_signed_in_sees_one_sentence_and_no_picture(browser: Browser, reviews: FakeReviews) -> None:
    page = browser.new_page()
    page.goto(f"{reviews.origin}{BASE}/review/")
    expect(page.locator(".lead")).to_have_text(re.compile(r"^[^.]+\.$"))
    assert reviews.asked == []
    page.close()


def test_the_user_pool_signs_in_by_a_code_that_only_this_tab_can_use(browser: Browser) -> None:
    addresses = {"authorize_url": "/oauth2/authorize", "token_url": "/oauth2/token", "logout_url": "/logout"}
    with served({"sign_in": "cognito", **addresses, "client_id": "page", "scopes": ["openid", "profile"]}) as reviews:
        reviews.add("coffee")
        page = browser.new_context().new_page()
        wrong = watched(page)
        page.goto(f"{reviews.origin}{BASE}/review/#/a-coffee/coffee")
        page.get_by_role("button", name="Sign in").click()
        opened(page, "coffee.jpg")
        (asked,) = reviews.sign_ins
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert (asked["client_id"], asked["scope"]) == ("page", "openid profile")
        assert page.url == f"{reviews.origin}{BASE}/review/#/a-coffee/coffee"
        assert page.evaluate("document.cookie") == ""
        page.context.close()
        assert wrong == []


def test_a_code_that_nobody_asked_for_signs_nobody_in(browser: Browser) -> None:
    addresses = {"authorize_url": "/oauth2/authorize", "token_url": "/oauth2/token", "logout_url": "/logout"}
    with served({"sign_in": "cognito", **addresses, "client_id": "page", "scopes": ["openid"]}) as reviews:
        page = browser.new_context().new_page()
        page.goto(f"{reviews.origin}{BASE}/review/?code=the-code&state=forged")
        expect(page.get_by_role("alert").first).to_have_text("This sign-in was not begun in this tab. Sign in again.")
        assert "code" not in page.url
        assert reviews.asked == []
        page.context.close()


def test_an_ended_session_leads_back_to_where_one_was(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee", refusals=True)
    opened(page, "menu/coffee.png")
    reviews.refuse["POST", "coffee/verdict"] = (401, "unauthorized", "The token has ended.")
    page.keyboard.press("a")
    expect(page.get_by_role("alert").first).to_contain_text("Your session has ended")
    page.get_by_label("Your name").fill("Clara")
    page.keyboard.press("Enter")
    opened(page, "menu/coffee.png")


def test_three_items_are_cleared_with_the_keyboard_alone(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in()
    expect(heading(page)).to_have_text("4 pictures wait for a person")
    page.keyboard.press("s")
    opened(page, "menu/coffee.png")
    expect(heading(page)).to_have_text("Lettering may have been altered")
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Approved")).to_be_visible()  # it goes away by itself
    opened(page, "garage.png")
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    opened(page, "rocket.png")
    page.keyboard.press("d")
    expect(page.get_by_role("application")).to_be_focused()
    for key in ("Space", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Space", "e", "Space", "ArrowLeft", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("z")
    page.get_by_label("Model", exact=True).select_option("patchmatch")
    page.keyboard.press("Control+Enter")
    opened(page, "cat.png")
    approved, rejected = reviews.sent("POST", "/verdict")
    assert approved == {"verdict": "approve"}
    assert rejected == {"verdict": "reject", "reason": "visible-repair", "deliver": "original"}
    (redo,) = reviews.sent("POST", "/redo")
    (stroke,) = redo.pop("strokes")
    assert redo == {"start_from": "mask", "model": "patchmatch"}
    assert stroke["paint"] is True
    x, y = stroke["points"][0]
    assert (x, y) == (320, 213.5)  # the middle of the picture, in its own pixels
    assert stroke["points"][-1][0] > x
    assert stroke["points"][-1][1] > y
    assert all(path.split("/")[2] != "coffee" for verb, path, _ in reviews.asked if verb == "DELETE")


def test_a_mask_is_painted_with_the_mouse_in_pixels_of_the_picture(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    page.keyboard.press("d")
    sheet = page.locator("dialog .sheet").bounding_box()
    assert sheet is not None
    unit = sheet["width"] / 600
    page.mouse.move(sheet["x"] + 100 * unit, sheet["y"] + 50 * unit)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 200 * unit, sheet["y"] + 80 * unit, steps=10)
    page.mouse.up()
    keep(page, "redo")
    page.keyboard.press("o")
    page.mouse.move(sheet["x"] + 300 * unit, sheet["y"] + 100 * unit)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 400 * unit, sheet["y"] + 180 * unit, steps=4)
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_contain_text("A box replaces what was painted")
    page.keyboard.press("t")
    expect(page.get_by_alt_text("The result of the trial")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Back to painting").click()
    page.keyboard.press("z")
    page.get_by_role("button", name="Redo", exact=True).last.click()
    opened(page, "garage.png")
    (tried,), (changes,) = reviews.sent("POST", "/trials"), reviews.sent("POST", "/redo")
    assert tried.keys() == {"box"}
    assert [tried["box"][side] for side in ("x", "y", "width", "height")] == pytest.approx([300, 100, 100, 80], abs=1)
    (stroke,) = changes["strokes"]
    assert stroke["points"][0] == pytest.approx([100, 50], abs=1)
    assert stroke["points"][-1] == pytest.approx([200, 80], abs=stroke["radius"])


def test_a_redo_is_tried_before_it_is_begun(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    page.keyboard.press("d")
    page.keyboard.press("x")
    page.keyboard.press("t")
    expect(page.get_by_role("dialog")).to_contain_text("The mask is empty")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.keyboard.press("t")
    expect(page.get_by_alt_text("The result of the trial")).to_be_visible(timeout=15_000)
    keep(page, "redo-trial")
    (tried,) = reviews.sent("POST", "/trials")
    assert (tried["start_from"], len(tried["strokes"])) == ("empty", 1)
    assert reviews.sent("POST", "/redo") == []
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Enter")
    opened(page, "garage.png")
    assert reviews.sent("POST", "/redo") == [tried]


def test_who_comes_second_is_told_who_was_first(signed_in: Open, reviews: FakeReviews) -> None:
    reviews.refuse["POST", "coffee/claim"] = (409, "claimed", "claimed")
    reviews.of("coffee").update(claimed_by="Benedikt", claimed_until="2099-01-01T12:00:00Z")
    page = signed_in("#/a-coffee/coffee", refusals=True)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("Claimed by Benedikt until .*"))
    expect(page.locator(".notice")).to_contain_text("Benedikt is looking at this until")


def test_a_verdict_that_comes_too_late_says_what_was_decided(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee", refusals=True)
    opened(page, "menu/coffee.png")
    verdict = {"who": "Benedikt", "verdict": "reject", "reason": "text", "comment": None, "given_at": ago(minutes=1)}
    reviews.of("coffee").update(state="decided", verdict=verdict)
    reviews.refuse["POST", "coffee/verdict"] = (409, "decided", "decided")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("Decided meanwhile: Benedikt rejected it.")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    page.keyboard.press("s")
    opened(page, "garage.png")


def test_links_that_have_ended_are_fetched_anew(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee", refusals=True)
    opened(page, "menu/coffee.png")
    reviews.links_end()
    page.keyboard.press("h")
    heat = page.locator(".heat img")
    expect(heat).to_have_attribute("src", re.compile("links=1"))
    expect(heat).to_have_js_property("naturalWidth", 600)


def test_a_row_of_the_queue_renews_its_own_link(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in(refusals=True)
    expect(page.locator(".thumb img")).to_have_count(4)
    reviews.links_end()
    page.locator(".thumb img").first.evaluate("image => (image.src += '&again')")
    expect(page.locator(".thumb img").first).to_have_attribute("src", re.compile("links=1$"))


def test_pictures_that_are_being_made_appear_by_themselves(signed_in: Open, reviews: FakeReviews) -> None:
    reviews.of("coffee")["picture"] = None
    page = signed_in("#/a-coffee/coffee")
    expect(page.locator(".making")).to_contain_text("being made")
    reviews.of("coffee")["picture"] = "coffee.png"
    opened(page, "menu/coffee.png")


def test_the_slider_moves_with_the_arrows_and_flags_are_jumped_to(signed_in: Open) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    slider = page.locator(".slider")
    before = float(slider.input_value())
    page.keyboard.press("ArrowLeft")
    assert float(slider.input_value()) == before - 4
    page.keyboard.press("j")
    expect(page.locator("button.flag").first).to_have_attribute("aria-current", "")
    page.keyboard.press("n")
    expect(page.locator(".stamp").first).to_have_attribute("aria-current", "")
    page.keyboard.press("v")
    expect(page.get_by_alt_text("Area 1, after")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".panes figcaption").first).to_have_text("Before · 200 %")
    keep(page, "item-side-by-side")


def test_holding_a_key_shows_the_picture_before(signed_in: Open) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    frame = page.locator(".frame")
    page.keyboard.down("b")
    expect(frame).to_have_attribute("data-mode", "first")
    page.keyboard.up("b")
    expect(frame).to_have_attribute("data-mode", "slider")


def test_a_full_file_is_never_loaded_unasked(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    for key in ("2", "n", "h", "m", "v", "v", "0"):
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")
    assert "after.jpg" in reviews.pictures
    assert "area-0-after.png" in reviews.pictures
    assert [file for file in reviews.pictures if file.startswith("full-")] == []


def test_of_a_large_picture_details_are_loaded_where_somebody_looks(signed_in: Open, reviews: FakeReviews) -> None:
    reviews.of("coffee").update(scale=16, findings=[])  # 61 megapixels
    # The made-up overview is 600 pixels wide: on a larger screen it would not do, and details would be due at once.
    page = signed_in("#/a-coffee/coffee", viewport={"width": 1100, "height": 640})
    opened(page, "menu/coffee.png")
    page.wait_for_load_state("networkidle")
    assert [file for file in reviews.pictures if file.startswith("area-")] == []
    page.keyboard.press("n")
    expect(page.locator(".second .detail")).to_have_count(1)
    expect(page.locator(".second .detail")).to_have_attribute("src", re.compile("area-0-after"))
    page.keyboard.press("n")
    expect(page.locator(".second .detail")).to_have_count(2)


def test_leaving_gives_the_claim_back(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    page.wait_for_timeout(100)
    with page.expect_request(lambda request: request.method == "DELETE") as released:
        page.keyboard.press("q")
    assert released.value.url.endswith("/a-coffee/coffee/claim")
    expect(heading(page)).to_contain_text("wait for a person")


def test_four_eyes_say_who_was_first(signed_in: Open, reviews: FakeReviews) -> None:
    may = {"approve": False, "approve_why_not": "You approved it before.", "reject": True, "redo": True}
    reviews.of("coffee").update(state="needs_second", second_person={"required": True, "first": "Ana"}, may=may)
    page = signed_in("#/a-coffee/coffee")
    expect(page.locator(".notice").first).to_have_text(
        "Ana approved this. A second person has to agree before it is delivered."
    )
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    expect(page.get_by_role("button", name="Reject")).to_be_enabled()


def test_the_trail_says_who_did_what_and_what_they_saw(signed_in: Open) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    page.get_by_text("Trail").click()
    expect(page.locator(".trail")).to_contain_text(re.compile(r"ana claimed.*saw after 7ea90c4c8560$", re.DOTALL))


def test_a_picture_of_which_nothing_was_made_stands_alone(signed_in: Open, reviews: FakeReviews) -> None:
    may = {"approve": False, "approve_why_not": "Nothing was made yet.", "reject": True, "redo": True}
    reviews.of("coffee").update(rule="no-mask", unmade=True, may=may)
    page = signed_in("#/a-coffee/coffee")
    expect(page.locator(".label.only")).to_have_text("As it was uploaded: nothing was made yet")
    expect(page.locator(".slider")).to_be_disabled()


def test_a_submitter_is_told_that_reviews_are_not_for_them(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee", role="Submitter")
    expect(heading(page)).to_have_text("Reviews are for reviewers")
    assert [path for _, path, _ in reviews.asked] == ["/me"]


def test_items_of_one_reason_are_approved_together(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in()
    page.get_by_label("Select garage.png").check()
    expect(page.get_by_label("Select menu/coffee.png")).to_be_disabled()
    page.get_by_role("button", name="Select all of this reason").click()
    page.keyboard.press("Shift+A")
    expect(page.get_by_role("dialog")).to_contain_text("Approve 3 pictures without opening them?")
    keep(page, "approve-together")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="3 pictures approved.")).to_be_visible()
    expect(heading(page)).to_have_text("1 picture waits for a person")
    (sent,) = reviews.sent("POST", "/reviews/approve")
    assert [item["run_id"] for item in sent["items"]] == ["garage", "rocket", "cat"]


def test_filters_stand_in_the_address(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in()
    page.get_by_role("button", name="Text").click()
    expect(page.locator(".row")).to_have_count(1)
    assert page.url.endswith("#/?rule=guard-text")
    page.reload()
    expect(page.locator(".row")).to_have_count(1)


def test_a_thousand_items_are_loaded_page_by_page(signed_in: Open, reviews: FakeReviews) -> None:
    for number in range(1000):
        reviews.add(f"more-{number}", "coffee.png")
    page = signed_in()
    expect(heading(page)).to_have_text("1,004 pictures wait for a person")
    expect(page.locator(".row")).to_have_count(50)
    page.locator(".more").scroll_into_view_if_needed()
    expect(page.locator(".row")).to_have_count(100)


def test_single_keys_can_be_switched_off(signed_in: Open, reviews: FakeReviews) -> None:
    page = signed_in("#/a-coffee/coffee")
    opened(page, "menu/coffee.png")
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_timeout(200)
    assert reviews.sent("POST", "/verdict") == []


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_stands_in_the_way_of_assistive_technology(signed_in: Open, reviews: FakeReviews, look: str) -> None:
    reviews.of("cat").update(claimed_by="Benedikt", claimed_until="2099-01-01T12:00:00Z")
    page = signed_in(reduced_motion="reduce", **LOOKS[look])
    found: dict[str, list[str]] = {}

    def check(view: str) -> None:
        keep(page, f"{view}-{look}")
        found[view] = axe.findings(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{view} is wider than the screen"

    expect(page.locator(".row").first).to_be_visible()
    for thumbnail in page.locator(".thumb img").all():
        expect(thumbnail).to_have_js_property("complete", True)
    check("queue")
    page.keyboard.press("s")
    opened(page, "menu/coffee.png")
    page.wait_for_load_state("networkidle")
    check("item")
    page.keyboard.press("v")
    check("item-areas")
    page.keyboard.press("v")
    for key, view in (("?", "help"), ("r", "reject"), ("d", "redo")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        check(view)
        page.keyboard.press("Escape")
        expect(page.locator(".actions:not([aria-busy])")).to_be_visible()
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
